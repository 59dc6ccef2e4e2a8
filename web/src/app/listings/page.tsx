import type { Metadata } from 'next';
import { PageHeading } from '@/components/page-heading';
import { requireVisitor } from '@/server/require-visitor';

export const metadata: Metadata = { title: 'My listings' };

export default async function ListingsPage() {
  await requireVisitor('/listings');
  return <PageHeading title="My listings" />;
}
