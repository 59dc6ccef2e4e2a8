'use client';
import { ErrorState } from '@/components/error-state';

/** A fault of ours while a page was made; its cause is in the server's log under this digest. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ErrorState
      asPage
      title="Something went wrong on our side"
      detail={`Nothing you did is lost. Try again in a moment${error.digest ? `; if it stays, tell us this number: ${error.digest}` : ''}.`}
    >
      <button className="btn btn-primary" type="button" onClick={reset}>
        Try again
      </button>
    </ErrorState>
  );
}
