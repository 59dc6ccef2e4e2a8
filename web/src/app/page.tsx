import type { Page, Ticket } from '@/api/types';
import { PageHeading } from '@/components/page-heading';
import { TicketCard } from '@/components/ticket-card';
import { refusedPage } from '@/server/refused-page';
import { callApi } from '@/server/transport';

export default async function BrowsePage() {
  const answer = await callApi<Page<Ticket>>('tickets', '/api/tickets');
  if (!answer.ok) return refusedPage(answer.problem, '/');
  return (
    <>
      <PageHeading title="Tickets for sale" />
      <ul className="ticket-grid">
        {answer.body.items.map((ticket) => (
          <li key={ticket.id}>
            <TicketCard ticket={ticket} />
          </li>
        ))}
      </ul>
    </>
  );
}
