import type { Metadata } from 'next';
import { ChangeEmailForm } from '@/accounts/change-email-form';
import { ChangePasswordForm } from '@/accounts/change-password-form';
import { NeedsScript } from '@/accounts/needs-script';
import { readableEmail } from '@/accounts/readable-email';
import { SignOutButton } from '@/accounts/sign-out-button';
import { ErrorState } from '@/components/error-state';
import { PageHeading } from '@/components/page-heading';
import { answerWithStatus } from '@/server/answer-status';
import { requireVisitor } from '@/server/require-visitor';

export const metadata: Metadata = { title: 'Your account', description: 'Change your e-mail address and password.' };

export default async function AccountPage() {
  const visitor = await requireVisitor('/account');
  if (visitor.state === 'unknown') {
    answerWithStatus(500);
    return (
      <ErrorState
        asPage
        title="Your account cannot be shown right now"
        detail="The part of the market that keeps accounts is not answering. Nothing is lost: try again in a moment."
      >
        <a className="btn btn-primary" href="/account">
          Try again
        </a>
      </ErrorState>
    );
  }
  const { email } = visitor.account;
  return (
    <>
      <PageHeading
        title="Your account"
        lead={
          <>
            You are signed in as <strong>{readableEmail(email)}</strong>.
          </>
        }
      >
        <SignOutButton />
      </PageHeading>
      <NeedsScript />
      <div className="row gy-4">
        <section className="col-lg-6" aria-labelledby="change-email">
          <div className="panel">
            <h2 id="change-email">E-mail address</h2>
            <ChangeEmailForm />
          </div>
        </section>
        <section className="col-lg-6" aria-labelledby="change-password">
          <div className="panel">
            <h2 id="change-password">Password</h2>
            <ChangePasswordForm email={email} />
          </div>
        </section>
      </div>
    </>
  );
}
