import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { doorPath, signInPath } from '@/api/paths';
import type { Page, Ticket } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { PageHeading } from '@/components/page-heading';
import { PageLink } from '@/components/page-link';
import { ListingRows } from '@/listings/listing-rows';
import { answerWithStatus } from '@/server/answer-status';
import { requireVisitor } from '@/server/require-visitor';
import { callApi } from '@/server/transport';

export const metadata: Metadata = { title: 'My listings', description: 'The tickets you sell, and where they stand.' };

export default async function ListingsPage({ searchParams }: PageProps<'/listings'>) {
  const { cursor } = await searchParams;
  const query = typeof cursor === 'string' ? `?cursor=${encodeURIComponent(cursor)}` : '';
  await requireVisitor(`/listings${query}`);
  const answer = await callApi<Page<Ticket>>('tickets', `/api/tickets/mine${query}`);
  if (answer.ok) return <Listings page={answer.body} first={query === ''} />;
  if (answer.problem.status === 401) redirect(signInPath(`/listings${query}`));
  // A cursor that somebody changed or cut off.
  if (answer.problem.status === 400 && query) redirect('/listings');
  answerWithStatus(500);
  return (
    <ErrorState
      asPage
      title="Your listings cannot be shown right now"
      detail="The part of the market that keeps tickets is not answering. Nothing is lost: load the page again in a moment."
    />
  );
}

function Listings({ page: { items, nextCursor }, first }: { page: Page<Ticket>; first: boolean }) {
  return (
    <>
      <PageHeading
        title="My listings"
        lead="The tickets you sell. You can change or delete one as long as nobody is buying it."
      >
        {items.length > 0 && (
          <div className="d-flex flex-wrap gap-3">
            {items.some(({ sold }) => sold) && (
              <PageLink className="btn btn-quiet" href={doorPath}>
                Check e-tickets at the door
              </PageLink>
            )}
            <PageLink className="btn btn-primary" href="/sell">
              Sell a ticket
            </PageLink>
          </div>
        )}
      </PageHeading>
      {items.length > 0 ? (
        <ListingRows tickets={items} />
      ) : (
        <EmptyState title={first ? 'You have not listed a ticket yet' : 'There are no more listings'}>
          <p>A ticket you cannot use is a seat somebody else is looking for.</p>
          <PageLink className="btn btn-primary" href="/sell">
            Sell a ticket
          </PageLink>
        </EmptyState>
      )}
      {(!first || nextCursor) && (
        <nav aria-label="More listings" className="d-flex flex-wrap gap-3 mt-4">
          {!first && <PageLink href="/listings">Back to the newest</PageLink>}
          {nextCursor && (
            <PageLink href={`/listings?cursor=${encodeURIComponent(nextCursor)}`}>Older listings</PageLink>
          )}
        </nav>
      )}
    </>
  );
}
