import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { BuyingSteps } from '@/accounts/buying-steps';
import { NeedsScript } from '@/accounts/needs-script';
import { NothingCharged } from '@/accounts/nothing-charged';
import { SignInForm } from '@/accounts/sign-in-form';
import { nextPath } from '@/api/paths';
import { PageHeading } from '@/components/page-heading';
import { holdTime } from '@/server/hold-time';
import { currentVisitor } from '@/server/visitor';

export const metadata: Metadata = { title: 'Sign in', description: 'Sign in to sell and buy tickets.' };

export default async function SignInPage({ searchParams }: PageProps<'/signin'>) {
  const next = nextPath((await searchParams).next);
  if ((await currentVisitor()).state === 'signedIn') redirect(next);
  return (
    <>
      <PageHeading title="Sign in" lead={next === '/' ? undefined : 'Then you go on where you were.'} />
      <div className="with-aside">
        <div className="panel">
          <NeedsScript />
          <NothingCharged next={next} />
          <SignInForm next={next} />
        </div>
        <BuyingSteps holdTime={holdTime()} />
      </div>
    </>
  );
}
