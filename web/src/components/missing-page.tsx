import { ErrorState } from './error-state';
import { PageLink } from './page-link';

/** Nothing is here; also what `not-found.tsx` shows. */
export const MissingPage = () => (
  <>
    <meta name="robots" content="noindex" />
    <ErrorState
      asPage
      title="There is nothing in this row"
      detail="The page you asked for is not here. The ticket may have been taken down, or the address is not quite right."
    >
      <PageLink className="btn btn-primary" href="/">
        See what is for sale
      </PageLink>
    </ErrorState>
  </>
);
