'use client';
import { Elements } from '@stripe/react-stripe-js';
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { currentAccountId } from '@/accounts/current-account-id';
import { openPage } from '@/accounts/open-page';
import { unsentPayment } from '@/accounts/unsent-payment';
import { call } from '@/api/call';
import { orderPath, signInPath } from '@/api/paths';
import type { Charge, OpenedPayment } from '@/api/types';
import { SubmitButton } from '@/components/submit-button';
import { wait } from '@/tab/wait';
import { keepTrying, whenOnline } from './keep-trying';
import { loadStripe } from './load-stripe';
import { oneTabAtATime, otherTabDone } from './one-tab-at-a-time';
import styles from './payment.module.scss';
import { PaymentForm } from './payment-form';
import { PreparingForm, TestPaymentsNote } from './payment-frame';
import { createPaymentSession, isOpenEnded, type PaymentPhase, type PaymentSession } from './payment-session';
import { useAppearance } from './use-appearance';

/** Who pays waits no longer than this to hear whether there is a session: without an answer the card is sent. */
const sessionTimeoutMs = 3_000;

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
  // Before the card fields go: Stripe.js fails at that moment if it was reading them.
  useLayoutEffect(() => session.leave, [session]);
  useTryingAgain(session, phase);

  // The simulator's are marked from the start: where its script is was known to the server.
  const isStripesTest = !scriptAddress && opened?.payment.publishableKey.startsWith('pk_test_');
  return (
    <>
      {isStripesTest && (
        <p>
          <TestPaymentsNote />
        </p>
      )}
      <PhaseNotice phase={phase} />
      <TryAgain phase={phase} onTryAgain={() => void session.resume()} />
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
const keepsForm = ({ at }: PaymentPhase): boolean =>
  at === 'ready' || at === 'paying' || at === 'cutOff' || at === 'settling';

/** Of its own accord: what passes by itself is tried again and again, the rest only when the connection is back. */
function useTryingAgain({ resume, restMs }: PaymentSession, phase: PaymentPhase): void {
  const isUnavailable = phase.at === 'unavailable';
  const how =
    isOpenEnded(phase) || (isUnavailable && phase.heals) ? keepTrying : isUnavailable ? whenOnline : undefined;
  useEffect(() => how?.({ attempt: resume, restMs }), [how, resume, restMs]);
}

function PhaseNotice({ phase }: { phase: PaymentPhase }) {
  const isBack = phase.at === 'ready' && phase.isBack === true;
  const box = useFocusThatWasLost(phase.at === 'cutOff' || isBack ? phase.at : undefined);
  return (
    <div aria-live="polite" tabIndex={-1} ref={box} className={styles.news}>
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
      {phase.at === 'cutOff' && (
        <div className="problem">
          The connection was lost while your card was on its way. As far as we know, nothing was charged. We keep trying
          to find out, and you are never charged twice.
        </div>
      )}
      {isBack && (
        <div className="notice is-good">The connection is back, and nothing was charged. Pay when you are ready.</div>
      )}
      {phase.at === 'ended' && <div className="notice">{phase.message}</div>}
      {phase.at === 'unavailable' && <div className="problem">{phase.message}</div>}
    </div>
  );
}

/** The button that had the focus is gone or hidden: the focus comes to what is said instead. */
function useFocusThatWasLost(news: PaymentPhase['at'] | undefined) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The page itself and what is hidden have no parent to be placed in.
    const { activeElement } = document;
    const isLost = activeElement instanceof HTMLElement && activeElement.offsetParent === null;
    if (news && isLost) box.current?.focus();
  }, [news]);
  return box;
}

/** Beside the live region: what the button says of itself is not news. */
function TryAgain({ phase, onTryAgain }: { phase: PaymentPhase; onTryAgain: () => void }) {
  if (phase.at !== 'cutOff' && phase.at !== 'unavailable') return null;
  return (
    <SubmitButton
      type="button"
      variant="quiet"
      pending={phase.isTrying}
      pendingText="Trying again…"
      onClick={onTryAgain}
    >
      Try again
    </SubmitButton>
  );
}

const sessionFor = (orderId: string, scriptAddress: string | undefined, onChange: () => void) =>
  createPaymentSession({
    open: async () => {
      const opened = await call<OpenedPayment>('/api/payments', { method: 'POST', body: { orderId } });
      unsentPayment.forget();
      return opened;
    },
    loadStripe: (publishableKey) => loadStripe(scriptAddress, publishableKey),
    ask: (paymentId) => call<Charge>(`/api/payments/${paymentId}/settle`, { method: 'POST' }),
    isSignedIn: async () => (await currentAccountId(sessionTimeoutMs)) !== null,
    wait,
    tabs: {
      oneAtATime: (work) => oneTabAtATime(orderId, work),
      otherDone: () => otherTabDone(orderId),
    },
    returnUrl: () => window.location.href,
    onChange,
    onSignedOut: (isLeft) => {
      unsentPayment.keep(orderPath(orderId));
      if (!isLeft) openPage(signInPath(orderPath(orderId)));
    },
  });
