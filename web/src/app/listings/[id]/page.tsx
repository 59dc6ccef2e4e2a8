import type { Metadata } from 'next';
import type { Ticket } from '@/api/types';
import { PageHeading } from '@/components/page-heading';
import { refusedPage } from '@/server/refused-page';
import { requireVisitor } from '@/server/require-visitor';
import { callApi } from '@/server/transport';

export const metadata: Metadata = { title: 'Edit listing' };

export default async function ListingPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const path = `/listings/${encodeURIComponent(id)}`;
  await requireVisitor(path);
  const answer = await callApi<Ticket>('tickets', `/api/tickets/${encodeURIComponent(id)}`);
  if (!answer.ok) return refusedPage(answer.problem, path);
  return <PageHeading title="Edit listing" />;
}
