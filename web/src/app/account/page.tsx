import type { Metadata } from 'next';
import { PageHeading } from '@/components/page-heading';
import { requireVisitor } from '@/server/require-visitor';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  await requireVisitor('/account');
  return <PageHeading title="Account" />;
}
