'use client';
import { PaymentElement, useElements } from '@stripe/react-stripe-js';
import type { StripeElements } from '@stripe/stripe-js';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Money } from '@/components/money';
import { SubmitButton } from '@/components/submit-button';
import styles from './payment.module.scss';
import type { PaymentPhase } from './payment-session';

interface Props {
  amountCents: number;
  /** How many cards may still be tried, in words; nothing before the first decline. */
  attempts: string | undefined;
  phase: PaymentPhase;
  onPay: (elements: StripeElements) => void;
}

/** The card fields are Stripe's, in a frame of its own: this page never sees a card number. */
export function PaymentForm({ amountCents, attempts, phase, onPay }: Props) {
  const elements = useElements();
  const [isLoaded, setLoaded] = useState(false);
  const [loadProblem, setLoadProblem] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (elements && isLoaded) onPay(elements);
  };
  return (
    <form onSubmit={submit} noValidate hidden={phase.at === 'settling' || phase.at === 'cutOff'}>
      <Refusal message={phase.at === 'ready' ? phase.refusal : undefined} attempts={attempts} />
      {loadProblem && (
        <p className="problem" role="alert">
          {loadProblem}
        </p>
      )}
      <div className={styles.fields}>
        <PaymentElement
          options={{ layout: 'tabs' }}
          onReady={() => setLoaded(true)}
          onLoadError={({ error }) =>
            setLoadProblem(error.message ?? 'The card form could not be loaded. Reload the page.')
          }
        />
      </div>
      <SubmitButton
        size="lg"
        className="w-100"
        pending={phase.at !== 'ready' || !isLoaded}
        pendingText={isLoaded ? 'Paying…' : 'Loading the card form…'}
      >
        Pay <Money cents={amountCents} />
      </SubmitButton>
    </form>
  );
}

/** Why the card was not taken; the focus goes there, since the button that was pressed is below it. */
function Refusal({ message, attempts }: { message: string | undefined; attempts: string | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (message) box.current?.focus();
  }, [message]);
  if (!message) return null;
  return (
    <div className={`problem ${styles.refusal}`} role="alert" tabIndex={-1} ref={box}>
      <p>{message}</p>
      {attempts && <p>{attempts}</p>}
    </div>
  );
}
