import { Steps } from '@/components/steps';

interface Props {
  /** In words. */
  holdTime: string;
}

/** Beside the forms of those who have no session yet. */
export const BuyingSteps = ({ holdTime }: Props) => <Steps title="How buying goes" steps={steps(holdTime)} />;

const steps = (holdTime: string) => [
  `Pick a ticket: it is held for you for ${holdTime}, and nobody else can take it.`,
  'Pay by card. A declined card costs nothing, and you can try another.',
  'It is yours. If you change your mind before you pay, nothing is charged.',
];
