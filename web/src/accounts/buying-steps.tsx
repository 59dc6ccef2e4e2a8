import { Steps } from '@/components/steps';

/** Beside the forms of those who have no session yet. */
export const BuyingSteps = () => <Steps title="How buying goes" steps={steps} />;

const steps = [
  'Pick a ticket: it is held for you for 15 minutes, and nobody else can take it.',
  'Pay by card. A declined card costs nothing, and you can try another.',
  'It is yours. If you change your mind before you pay, nothing is charged.',
];
