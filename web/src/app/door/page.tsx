import type { Metadata } from 'next';
import { NeedsScript } from '@/accounts/needs-script';
import { doorPath } from '@/api/paths';
import { PageHeading } from '@/components/page-heading';
import { DoorCheck } from '@/door/door-check';
import { requireVisitor } from '@/server/require-visitor';

export const metadata: Metadata = {
  title: 'At the door',
  description: 'Check the e-tickets of the tickets you sold: each lets one person in, once.',
};

export default async function DoorPage() {
  await requireVisitor(doorPath);
  return (
    <>
      <PageHeading
        title="At the door"
        lead="Check the e-tickets of the tickets you sold: each lets one person in, once."
      />
      <NeedsScript />
      <DoorCheck />
    </>
  );
}
