'use client';
import { Elements } from '@stripe/react-stripe-js';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { call } from '@/api/call';
import type { Charge, OpenedPayment } from '@/api/types';
import { loadStripe } from './load-stripe';
import { oneTabAtATime, otherTabDone } from './one-tab-at-a-time';
import { PaymentForm } from './payment-form';
import { PreparingForm, TestPaymentsNote } from './payment-frame';
import { createPaymentSession, type PaymentPhase } from './payment-session';
import { useAppearance } from './use-appearance';

interface Props {
  orderId: string;
  /** Where Stripe.js comes from, unless from Stripe. */
  scriptAddress: string | undefined;
  /** How many cards may still be tried, in words. */
  attempts: string | undefined;
  onChange: () => void;
}

/** The payment of an order that waits for it. Everything of Stripe's is loaded with this, and with nothing else. */
export function PaymentPanel({ orderId, scriptAddress, attempts, onChange }: Props) {
  const [session] = useState(() => sessionFor(orderId, scriptAddress, onChange));
  const { phase, opened } = useSyncExternalStore(session.subscribe, session.state, session.state);
  const appearance = useAppearance();
  useEffect(() => {
    void session.open();
  }, [session]);

  // The simulator's are marked from the start: where its script is was known to the server.
  const isStripesTest = !scriptAddress && opened?.payment.publishableKey.startsWith('pk_test_');
  return (
    <>
      {isStripesTest && (
        <p>
          <TestPaymentsNote />
        </p>
      )}
      <PhaseNotice phase={phase} onTryAgain={() => void session.open()} />
      {opened && keepsForm(phase) && (
        <Elements
          key={opened.payment.clientSecret}
          stripe={opened.stripe}
          options={{ clientSecret: opened.payment.clientSecret, appearance }}
        >
          <PaymentForm
            amountCents={opened.payment.amount}
            attempts={attempts}
            phase={phase}
            onPay={(elements) => void session.pay(elements)}
          />
        </Elements>
      )}
    </>
  );
}

/** The fields stay where they are while a payment is under way: a declined buyer finds what was typed. */
const keepsForm = ({ at }: PaymentPhase): boolean => at === 'ready' || at === 'paying' || at === 'settling';

function PhaseNotice({ phase, onTryAgain }: { phase: PaymentPhase; onTryAgain: () => void }) {
  return (
    <div aria-live="polite">
      {phase.at === 'opening' && <PreparingForm />}
      {phase.at === 'elsewhere' && (
        <div className="notice">You are paying in another tab. This page follows when that one is done.</div>
      )}
      {phase.at === 'settling' && (
        <div className="notice">
          {phase.isSlow
            ? 'This takes longer than usual. Your card will not be charged twice: you may leave, and we tell you by e-mail how it ended.'
            : 'Your card is confirmed. We are finishing your order…'}
        </div>
      )}
      {phase.at === 'ended' && <div className="notice">{phase.message}</div>}
      {phase.at === 'unavailable' && (
        <div className="problem">
          <p>{phase.message}</p>
          <button type="button" className="btn btn-outline-danger" onClick={onTryAgain}>
            Try again
          </button>
        </div>
      )}
    </div>
  );
}

const sessionFor = (orderId: string, scriptAddress: string | undefined, onChange: () => void) =>
  createPaymentSession({
    open: () => call<OpenedPayment>('/api/payments', { method: 'POST', body: { orderId } }),
    loadStripe: (publishableKey) => loadStripe(scriptAddress, publishableKey),
    ask: (paymentId) => call<Charge>(`/api/payments/${paymentId}/settle`, { method: 'POST' }),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    tabs: {
      oneAtATime: (work) => oneTabAtATime(orderId, work),
      otherDone: () => otherTabDone(orderId),
    },
    returnUrl: () => window.location.href,
    onChange,
  });
