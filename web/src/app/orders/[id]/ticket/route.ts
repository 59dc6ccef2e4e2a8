// Where mails lead to the e-ticket: people who are signed out sign in first, and then get the file that the API has.
import { redirect } from 'next/navigation';
import { eTicketPath } from '@/api/paths';
import { requireVisitor } from '@/server/require-visitor';

export const dynamic = 'force-dynamic';

export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<never> {
  const id = encodeURIComponent((await params).id);
  await requireVisitor(`/orders/${id}/ticket`);
  redirect(eTicketPath(id));
}
