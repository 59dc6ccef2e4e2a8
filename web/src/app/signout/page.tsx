import type { Metadata } from 'next';
import { AfterSignOut } from '@/accounts/after-sign-out';
import { SignOutButton } from '@/accounts/sign-out-button';
import { signInPath } from '@/api/paths';
import { PageHeading } from '@/components/page-heading';
import { PageLink } from '@/components/page-link';
import { currentVisitor } from '@/server/visitor';

export const metadata: Metadata = { title: 'Sign out', robots: { index: false } };

/** Also where a browser without scripts comes to once it is signed out, or with `failed` when that could not be done. */
export default async function SignOutPage({ searchParams }: PageProps<'/signout'>) {
  if ((await currentVisitor()).state === 'signedOut') {
    return (
      <>
        <AfterSignOut />
        <PageHeading title="You are signed out" lead="In all tabs of this browser. See you in row fifteen." />
        <div className="d-flex flex-wrap gap-2">
          <PageLink className="btn btn-primary" href="/">
            See what is for sale
          </PageLink>
          <PageLink className="btn btn-quiet" href={signInPath('/')}>
            Sign in again
          </PageLink>
        </div>
      </>
    );
  }
  return (
    <>
      <PageHeading title="Sign out" lead="Of this browser, in all its tabs." />
      {(await searchParams).failed !== undefined && (
        <p role="alert" className="problem">
          You are still signed in: this could not be done just now. Try again in a moment.
        </p>
      )}
      <SignOutButton className="btn btn-primary" />
    </>
  );
}
