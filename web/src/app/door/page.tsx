import type { Metadata } from 'next';
import { NeedsScript } from '@/accounts/needs-script';
import { doorPath } from '@/api/paths';
import { PageHeading } from '@/components/page-heading';
import { Steps } from '@/components/steps';
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
      <div className="with-aside">
        <div>
          <NeedsScript />
          <DoorCheck />
        </div>
        <Steps title="How it goes at the door" steps={steps} />
      </div>
    </>
  );
}

const steps = [
  'Scan the code on your guest’s phone or paper, or type what stands below it.',
  'A tick: let them in. From then on the e-ticket is used, and lets nobody else in.',
  '“Only look” tells the same and uses nothing, for a guest who asks before the doors open.',
];
