import type { Metadata } from 'next';
import { NeedsScript } from '@/accounts/needs-script';
import { PageHeading } from '@/components/page-heading';
import { SellForm } from '@/listings/sell-form';
import { requireVisitor } from '@/server/require-visitor';

export const metadata: Metadata = { title: 'Sell a ticket', description: 'List a ticket; it is for sale at once.' };

export default async function SellPage() {
  const visitor = await requireVisitor('/sell');
  return (
    <>
      <PageHeading title="Sell a ticket" lead="It is for sale as soon as you list it, at the price you set." />
      <div className="panel panel-narrow">
        <NeedsScript />
        <SellForm accountId={visitor.state === 'signedIn' ? visitor.account.id : undefined} />
      </div>
    </>
  );
}
