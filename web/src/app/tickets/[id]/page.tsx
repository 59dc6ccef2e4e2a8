import type { Metadata } from 'next';
import { cache } from 'react';
import { ticketPath } from '@/api/paths';
import type { Order, Ticket } from '@/api/types';
import { DateTime } from '@/components/date-time';
import { formatMoney } from '@/components/money';
import { PageLink } from '@/components/page-link';
import { TicketDesk } from '@/purchase/ticket-desk';
import { holdTime } from '@/server/hold-time';
import { refusedPage } from '@/server/refused-page';
import { callApi } from '@/server/transport';
import { currentVisitor } from '@/server/visitor';

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const loadTicket = cache((id: string) => callApi<Ticket>('tickets', `/api/tickets/${encodeURIComponent(id)}`));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params;
  const answer = await loadTicket(id);
  if (!answer.ok) return { title: answer.problem.status === 404 ? 'Not found' : 'Ticket' };
  const { title, price, venue } = answer.body;
  const description = `${title}${venue ? `, ${venue}` : ''}: ${formatMoney(price)}, from fan to fan.`;
  return {
    title,
    description,
    openGraph: { title, description, url: ticketPath(id), siteName: 'Row Fifteen', images: '/opengraph-image.png' },
  };
}

export default async function TicketPage({ params, searchParams }: Props) {
  const [{ id }, { buy, listed }] = await Promise.all([params, searchParams]);
  const [answer, visitor] = await Promise.all([loadTicket(id), currentVisitor()]);
  if (!answer.ok) return refusedPage(answer.problem, ticketPath(encodeURIComponent(id)));
  const ticket = answer.body;
  const visitorId = visitor.state === 'signedIn' ? visitor.account.id : undefined;
  const own = visitorId && visitorId !== ticket.userId ? await ownOrderOf(ticket) : {};
  return (
    <>
      <p>
        <PageLink href="/">All tickets</PageLink>
      </p>
      {listed === undefined ? null : (
        <p className="notice is-good">
          Your ticket is listed, and everybody can see it. <PageLink href="/sell">Sell another one</PageLink>
        </p>
      )}
      {own.isOpen && (
        <p className="notice">
          Orders are not answering right now, so we cannot tell whether it is you who is buying this ticket. Load the
          page again in a moment.
        </p>
      )}
      <article className="ticket-slip ticket-whole">
        <div className="ticket-paper">
          <div className="ticket-body">
            <h1>{ticket.title}</h1>
            <dl className="ticket-details">
              <div>
                <dt>When</dt>
                <dd>
                  {ticket.startsAt ? <DateTime at={ticket.startsAt} /> : 'Ask the organiser: the seller gave no date'}
                </dd>
              </div>
              <div>
                <dt>Where</dt>
                <dd>{ticket.venue ?? 'The seller gave no venue'}</dd>
              </div>
              <div>
                <dt>Listed</dt>
                <dd>
                  <DateTime at={ticket.createdAt} time={false} />
                </dd>
              </div>
            </dl>
          </div>
          <div className="ticket-stub">
            <TicketDesk
              key={visitorId}
              initial={{ ticket, isGone: false, ownOrderId: own.orderId }}
              visitorId={visitorId}
              holdTime={holdTime()}
              comesBack={buy !== undefined}
            />
          </div>
        </div>
      </article>
    </>
  );
}

/** The order that holds or bought the ticket, when it is this visitor's; whose it is stays open while orders is down. */
async function ownOrderOf({ orderId }: Ticket): Promise<{ orderId?: string; isOpen?: boolean }> {
  if (!orderId) return {};
  const answer = await callApi<Order>('orders', `/api/orders/${orderId}`, { timeoutMs: 2_500 });
  return answer.ok ? { orderId } : { isOpen: answer.problem.status >= 500 };
}
