import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { BuyingSteps } from '@/accounts/buying-steps';
import { NeedsScript } from '@/accounts/needs-script';
import { SignUpForm } from '@/accounts/sign-up-form';
import { nextPath } from '@/api/paths';
import { PageHeading } from '@/components/page-heading';
import { holdTime } from '@/server/hold-time';
import { currentVisitor } from '@/server/visitor';

export const metadata: Metadata = {
  title: 'Create an account',
  description: 'With an account you sell tickets and buy them.',
};

export default async function SignUpPage({ searchParams }: PageProps<'/signup'>) {
  const next = nextPath((await searchParams).next);
  if ((await currentVisitor()).state === 'signedIn') redirect(next);
  return (
    <>
      <PageHeading title="Create an account" lead="An e-mail address and a password, and you can sell and buy." />
      <div className="with-aside">
        <div className="panel">
          <NeedsScript />
          <SignUpForm next={next} />
        </div>
        <BuyingSteps holdTime={holdTime()} />
      </div>
    </>
  );
}
