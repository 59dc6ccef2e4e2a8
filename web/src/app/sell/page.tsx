import type { Metadata } from 'next';
import { NeedsScript } from '@/accounts/needs-script';
import { OfOneAccount } from '@/accounts/of-one-account';
import { PageHeading } from '@/components/page-heading';
import { Steps } from '@/components/steps';
import { SellForm } from '@/listings/sell-form';
import { holdTime } from '@/server/hold-time';
import { requireVisitor } from '@/server/require-visitor';

export const metadata: Metadata = { title: 'Sell a ticket', description: 'List a ticket; it is for sale at once.' };

export default async function SellPage() {
  const visitor = await requireVisitor('/sell');
  const accountId = visitor.state === 'signedIn' ? visitor.account.id : undefined;
  return (
    <>
      <PageHeading title="Sell a ticket" lead="It is for sale as soon as you list it, at the price you set." />
      <div className="with-aside">
        <div className="panel">
          <NeedsScript />
          <OfOneAccount accountId={accountId}>
            <SellForm accountId={accountId} />
          </OfOneAccount>
        </div>
        <Steps title="How selling goes" steps={steps(holdTime())} />
      </div>
    </>
  );
}

const steps = (holdTime: string) => [
  'Everybody sees your ticket at once, without reloading the page.',
  `When somebody begins to buy it, it is held for them for ${holdTime}, and cannot change meanwhile.`,
  'Paid in time, it is sold, and you get an e-mail. Otherwise it is for sale again by itself.',
];
