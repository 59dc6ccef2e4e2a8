import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { signInPath } from '@/api/paths';
import type { Problem } from '@/api/problem';
import { ErrorState } from '@/components/error-state';
import { MissingPage } from '@/components/missing-page';
import { answerWithStatus } from './answer-status';

/**
 * What a page shows instead of itself when its main service refuses: words and a status, readable without JavaScript.
 * Return it from the page; `notFound()` and thrown errors are pages that only JavaScript fills.
 * @param path of this page, to try again or to come back to after signing in
 * @param whatIsAway the title when that service is down: "Your orders cannot be shown right now"
 */
export function refusedPage(problem: Problem, path: string, whatIsAway = 'This page is taking a break'): ReactNode {
  if (problem.status === 401) redirect(signInPath(path));
  if (problem.status === 404) return missingPage();
  answerWithStatus(problem.status === 429 || problem.status === 400 ? problem.status : 500);
  return (
    <ErrorState asPage title={titleFor(problem, whatIsAway)} detail={problem.detail}>
      {/* A plain link: the page is loaded anew, whatever state scripts are in. */}
      <a className="btn btn-primary" href={problem.status === 400 ? (path.split('?')[0] ?? '/') : path}>
        {problem.status === 400 ? 'Start over' : 'Try again'}
      </a>
    </ErrorState>
  );
}

export function missingPage(): ReactNode {
  answerWithStatus(404);
  return <MissingPage />;
}

function titleFor({ status }: Problem, whatIsAway: string): string {
  if (status === 429) return 'A little slower, please';
  return status === 400 ? 'We did not understand that' : whatIsAway;
}
