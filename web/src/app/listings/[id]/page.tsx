import type { Metadata } from 'next';
import { NeedsScript } from '@/accounts/needs-script';
import { listingPath, ticketPath } from '@/api/paths';
import type { Ticket } from '@/api/types';
import { ErrorState } from '@/components/error-state';
import { PageHeading } from '@/components/page-heading';
import { PageLink } from '@/components/page-link';
import { EditForm } from '@/listings/edit-form';
import { listingState, whyNotEditable } from '@/listings/listing-state';
import { answerWithStatus } from '@/server/answer-status';
import { refusedPage } from '@/server/refused-page';
import { requireVisitor } from '@/server/require-visitor';
import { callApi } from '@/server/transport';

export const metadata: Metadata = { title: 'Edit a listing', robots: { index: false } };

export default async function EditListingPage({ params }: PageProps<'/listings/[id]'>) {
  const { id } = await params;
  const visitor = await requireVisitor(listingPath(id));
  const answer = await callApi<Ticket>('tickets', `/api/tickets/${encodeURIComponent(id)}`);
  if (!answer.ok) return refusedPage(answer.problem, listingPath(id), 'This ticket cannot be shown right now');
  const ticket = answer.body;
  const accountId = visitor.state === 'signedIn' ? visitor.account.id : undefined;
  if (accountId !== undefined && accountId !== ticket.userId) {
    answerWithStatus(403);
    return (
      <ErrorState asPage title="This is somebody else’s ticket" detail="Only its seller can change it.">
        <PageLink className="btn btn-primary" href={ticketPath(ticket.id)}>
          Look at the ticket
        </PageLink>
      </ErrorState>
    );
  }
  const reason = whyNotEditable[listingState(ticket)];
  return (
    <>
      <PageHeading title="Edit a listing" lead={ticket.title} />
      <div className="panel panel-narrow">
        {reason === null ? (
          <>
            <NeedsScript />
            <EditForm ticket={ticket} accountId={accountId} />
          </>
        ) : (
          <>
            <p className="notice">{reason}</p>
            <PageLink className="btn btn-quiet" href="/listings">
              Back to my listings
            </PageLink>
          </>
        )}
      </div>
    </>
  );
}
