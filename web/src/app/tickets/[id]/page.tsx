import type { Metadata } from 'next';
import type { Ticket } from '@/api/types';
import { PageHeading } from '@/components/page-heading';
import { refusedPage } from '@/server/refused-page';
import { callApi } from '@/server/transport';

export const metadata: Metadata = { title: 'Ticket' };

export default async function TicketPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const answer = await callApi<Ticket>('tickets', `/api/tickets/${encodeURIComponent(id)}`);
  if (!answer.ok) return refusedPage(answer.problem, `/tickets/${encodeURIComponent(id)}`);
  return <PageHeading title={answer.body.title} />;
}
