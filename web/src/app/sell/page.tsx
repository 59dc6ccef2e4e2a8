import type { Metadata } from 'next';
import { PageHeading } from '@/components/page-heading';
import { requireVisitor } from '@/server/require-visitor';

export const metadata: Metadata = { title: 'Sell a ticket' };

export default async function SellPage() {
  await requireVisitor('/sell');
  return <PageHeading title="Sell a ticket" />;
}
