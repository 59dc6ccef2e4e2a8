import type { Page, Ticket } from '@/api/types';
import { BrowseForm } from '@/browse/browse-form';
import { Listing } from '@/browse/listing';
import { browsePath, describeQuery, listingApiPath, readBrowseAddress } from '@/browse/listing-query';
import { PageHeading } from '@/components/page-heading';
import { PageLink } from '@/components/page-link';
import { holdTime } from '@/server/hold-time';
import { refusedPage } from '@/server/refused-page';
import { callApi } from '@/server/transport';

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function BrowsePage({ searchParams }: Props) {
  const { query, typed, problems, cursor, show } = readBrowseAddress(await searchParams);
  const answer = await callApi<Page<Ticket>>('tickets', listingApiPath(query, { limit: show, cursor }));
  if (!answer.ok) return refusedPage(answer.problem, browsePath(typed));
  const asked = describeQuery(query);
  return (
    <>
      <div className="browse-hero">
        {asked ? (
          <PageHeading
            title="Tickets that fit"
            lead={
              <>
                {asked}. <PageLink href="/">See all tickets</PageLink>
              </>
            }
          />
        ) : (
          <PageHeading
            title="Find your row"
            lead={`Tickets from fan to fan. Pick one and it is held for you for ${holdTime()}: nobody else can take it while you pay.`}
          />
        )}
        <BrowseForm key={JSON.stringify(typed)} typed={typed} problems={problems} />
      </div>
      {cursor ? (
        <p>
          <PageLink href={browsePath(typed)}>Back to the first tickets</PageLink>
        </p>
      ) : null}
      <Listing
        key={JSON.stringify([query, cursor])}
        initial={answer.body}
        query={query}
        typed={typed}
        fromStart={!cursor}
      />
    </>
  );
}
