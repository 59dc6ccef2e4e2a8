import type { Metadata } from 'next';
import { doorPath } from '@/api/paths';
import type { Page, Ticket } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { PageHeading } from '@/components/page-heading';
import { PageLink } from '@/components/page-link';
import { ListingRows } from '@/listings/listing-rows';
import { refusedPage } from '@/server/refused-page';
import { requireVisitor } from '@/server/require-visitor';
import { callApi } from '@/server/transport';

export const metadata: Metadata = { title: 'My listings', description: 'The tickets you sell, and where they stand.' };

export default async function ListingsPage({ searchParams }: PageProps<'/listings'>) {
  const { cursor } = await searchParams;
  const query = typeof cursor === 'string' ? `?cursor=${encodeURIComponent(cursor)}` : '';
  const visitor = await requireVisitor(`/listings${query}`);
  const answer = await callApi<Page<Ticket>>('tickets', `/api/tickets/mine${query}`);
  if (!answer.ok) return refusedPage(answer.problem, `/listings${query}`, 'Your listings cannot be shown right now');
  const sellerId = visitor.state === 'signedIn' ? visitor.account.id : undefined;
  return <Listings page={answer.body} first={query === ''} sellerId={sellerId} />;
}

interface ListingsProps {
  page: Page<Ticket>;
  first: boolean;
  sellerId: string | undefined;
}

function Listings({ page: { items, nextCursor }, first, sellerId }: ListingsProps) {
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
      <ListingRows
        tickets={items}
        sellerId={sellerId}
        hasMore={Boolean(nextCursor)}
        gone={
          <NoListings title={first && !nextCursor ? 'You have nothing listed any more' : 'These listings are gone'} />
        }
      >
        <NoListings title={first ? 'You have no tickets listed' : 'There are no more listings'} />
      </ListingRows>
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

const NoListings = ({ title }: { title: string }) => (
  <EmptyState title={title}>
    <p>A ticket you cannot use is a seat somebody else is looking for.</p>
    <PageLink className="btn btn-primary" href="/sell">
      Sell a ticket
    </PageLink>
  </EmptyState>
);
