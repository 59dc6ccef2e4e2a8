import { EmptyState } from '@/components/empty-state';
import { PageLink } from '@/components/page-link';
import { isNarrowed, type ListingQuery } from './listing-query';

export function NothingFound({ query, fromStart }: { query: ListingQuery; fromStart: boolean }) {
  if (!fromStart || isNarrowed(query)) {
    return (
      <EmptyState title={fromStart ? 'No ticket fits that' : 'That was the last of them'}>
        <p>
          {fromStart
            ? 'Try fewer words or a wider price range. Tickets that fit show up here as soon as somebody lists them.'
            : 'There are no more tickets behind these.'}
        </p>
        <PageLink className="btn btn-primary" href="/">
          See all tickets
        </PageLink>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="The house is empty, for now">
      <p>Nobody sells a ticket right now. New ones show up here by themselves. Have one to spare?</p>
      <PageLink className="btn btn-primary" href="/sell">
        Sell a ticket
      </PageLink>
    </EmptyState>
  );
}
