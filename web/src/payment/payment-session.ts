// One order's payment in one page: opened, a card at a time, settled. Holds what the page shows; knows no React.
import type { Stripe, StripeElements } from '@stripe/stripe-js';
import { ApiError, unreachable } from '@/api/problem';
import type { Charge, OpenedPayment } from '@/api/types';
import { ScriptMissing } from './load-stripe';
import { isConfirmed, isConfirmedAlready, type PaymentResult, payOrder, settled } from './pay-order';
import { mayHeal, settlePayment } from './settle-payment';

export type PaymentPhase =
  | { at: 'opening' }
  /** It could not be opened; asking again may do. `heals`: it is away or overloaded, which passes by itself. */
  | { at: 'unavailable'; message: string; heals: boolean; isTrying: boolean }
  /** `isBack`: the connection was lost while a card was sent, and it is known now that nothing was taken. */
  | { at: 'ready'; refusal?: string; isBack?: true }
  | { at: 'paying' }
  /** The connection was lost while a card was sent, and what came of it is to be found out. */
  | { at: 'cutOff'; isTrying: boolean }
  /** Another tab is paying. */
  | { at: 'elsewhere' }
  /** The card is confirmed, and what is left is the server's to do. `isSlow`: longer than anybody should watch. */
  | { at: 'settling'; isSlow: boolean }
  /** No card is taken any more. */
  | { at: 'ended'; message: string };

export interface Opened {
  payment: OpenedPayment;
  stripe: Stripe;
}

export interface PaymentDeps {
  /** @throws ApiError */
  open: () => Promise<OpenedPayment>;
  /** @throws ScriptMissing */
  loadStripe: (publishableKey: string) => Promise<Stripe>;
  /** Asks the server to settle. @throws ApiError */
  ask: (paymentId: string) => Promise<Charge>;
  /** True as well when it cannot be found out. */
  isSignedIn: () => Promise<boolean>;
  wait: (ms: number) => Promise<void>;
  tabs: {
    oneAtATime: <Result>(work: () => Promise<Result>) => Promise<Result | 'busy'>;
    otherDone: () => Promise<void>;
  };
  /** This page's address. */
  returnUrl: () => string;
  /** Something happened to the order or its charges: they are to be read again. */
  onChange: () => void;
  /** "Pay" was pressed, and nothing was sent, as nobody is signed in any more. `isLeft`: nor is the page there. */
  onSignedOut: (isLeft: boolean) => void;
}

export interface PaymentState {
  phase: PaymentPhase;
  opened: Opened | undefined;
}

/** What people watch; the server goes on by itself. */
const settleLimitMs = 30_000;
const paymentsAway = 'Payments are not answering just now. Your ticket is still held; we try again by ourselves.';
const cannotLoad = 'The card form could not be loaded. Check your connection and try again.';
const signedOut = 'You are signed out, so your card was not sent and nothing was charged. Sign in to pay.';
const ourFault = 'Something went wrong on this page. Load it again: it then shows what has become of your payment.';

/** A card was sent, and how that ended is not known yet. */
export const isOpenEnded = (phase: PaymentPhase): boolean =>
  phase.at === 'cutOff' || (phase.at === 'settling' && phase.isSlow);

export function createPaymentSession(given: PaymentDeps) {
  const { deps, restMs } = hearingRests(given);
  let state: PaymentState = { phase: { at: 'opening' }, opened: undefined };
  let openings = 0;
  let isResuming = false;
  let isLeft = false;
  const listeners = new Set<() => void>();

  const show = (phase: PaymentPhase, opened = state.opened) => {
    state = { phase, opened };
    for (const listener of listeners) listener();
  };
  const settle = (limitMs: number) => settlePayment({ ask: () => deps.ask(idOf(state)), wait: deps.wait, limitMs });
  const settleShown = () => {
    show({ at: 'settling', isSlow: false });
    return settle(settleLimitMs);
  };
  const conclude = (result: PaymentResult) => {
    show(phaseAfter(result));
    if (result.kind === 'signedOut') deps.onSignedOut(isLeft);
    else deps.onChange();
  };
  const fail = (error: unknown) => {
    // Stripe.js throws when its fields go while it reads them. What has become of the payment, the next page finds out.
    if (isLeft) return;
    show(phaseOfFailure(error));
    deps.onChange();
  };

  /** Opens the payment, or finds it as an earlier page left it. */
  async function open(): Promise<void> {
    isLeft = false;
    show({ at: 'opening' });
    await openAgain();
  }

  /** The same while what is shown stays. */
  async function openAgain(): Promise<void> {
    openings += 1;
    const opening = openings;
    try {
      const opened = await openWithStripe(deps);
      if (opening !== openings) return;
      const isConfirmed = await isConfirmedAlready({ ...opened, clientSecret: opened.payment.clientSecret });
      if (opening !== openings) return;
      show({ at: 'ready' }, opened);
      if (isConfirmed) conclude(await settled({ settle: settleShown }));
    } catch (error) {
      if (opening === openings) fail(error);
    }
  }

  /** One press on "Pay"; another one meanwhile does nothing. */
  async function pay(elements: StripeElements): Promise<void> {
    const { opened, phase } = state;
    if (!opened || phase.at !== 'ready') return;
    show({ at: 'paying' });
    try {
      const result = await deps.tabs.oneAtATime(() =>
        payOrder({
          stripe: opened.stripe,
          elements,
          clientSecret: opened.payment.clientSecret,
          returnUrl: deps.returnUrl(),
          isSignedIn: deps.isSignedIn,
          settle: settleShown,
          reportDecline: async () => {
            await settle(0).catch(alreadyRefused);
          },
        }),
      );
      if (result !== 'busy') return conclude(result);
      show({ at: 'elsewhere' });
      await deps.tabs.otherDone();
      deps.onChange();
      await open();
    } catch (error) {
      fail(error);
    }
  }

  /** Looks again how it stands where that was left open; another call meanwhile does nothing. */
  async function resume(): Promise<void> {
    const { opened, phase } = state;
    if (isResuming) return;
    isResuming = true;
    try {
      if (phase.at === 'unavailable') await retry(phase);
      else if (opened && isOpenEnded(phase)) await (phase.at === 'cutOff' ? findOut(opened) : settleOnce());
    } catch (error) {
      fail(error);
    } finally {
      isResuming = false;
    }
  }

  async function retry(phase: PaymentPhase & { at: 'unavailable' }): Promise<void> {
    show({ ...phase, isTrying: true });
    await openAgain();
  }

  async function findOut({ stripe }: Opened): Promise<void> {
    show({ at: 'cutOff', isTrying: true });
    const payment = await deps.open().catch(notReached);
    const { paymentIntent } = payment ? await stripe.retrievePaymentIntent(payment.clientSecret) : {};
    if (!payment || !paymentIntent) return show({ at: 'cutOff', isTrying: false });
    if (isConfirmed(paymentIntent)) return conclude(await settled({ settle: settleShown }));
    show({ at: 'ready', isBack: true }, { payment, stripe });
    deps.onChange();
  }

  async function settleOnce(): Promise<void> {
    const result = await settled({ settle: () => settle(0) });
    if (result.kind !== 'unknown') conclude(result);
  }

  return {
    open,
    pay,
    resume,
    /** How long the server wants not to be asked again of our own accord. */
    restMs,
    /** The page shows something else from now on, unless it is opened again. */
    leave: () => {
      isLeft = true;
    },
    state: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export type PaymentSession = ReturnType<typeof createPaymentSession>;

/** The same, and how much is left of what the server's `Retry-After` asked for. */
function hearingRests(deps: PaymentDeps): { deps: PaymentDeps; restMs: () => number } {
  let notBeforeMs = 0;
  const hear = (error: unknown): never => {
    const seconds = error instanceof ApiError ? (error.problem.retryAfterSeconds ?? 0) : 0;
    notBeforeMs = Math.max(notBeforeMs, performance.now() + seconds * 1_000);
    throw error;
  };
  return {
    deps: { ...deps, open: () => deps.open().catch(hear), ask: (paymentId) => deps.ask(paymentId).catch(hear) },
    restMs: () => Math.max(0, notBeforeMs - performance.now()),
  };
}

async function openWithStripe({ open, loadStripe }: PaymentDeps): Promise<Opened> {
  const payment = await open();
  return { payment, stripe: await loadStripe(payment.publishableKey) };
}

function idOf({ opened }: PaymentState): string {
  if (!opened) throw new Error('a payment is settled only after it was opened');
  return opened.payment.id;
}

/** The decline is told all the same: the charge list and Stripe's webhook say what the server made of it. */
const alreadyRefused = (error: unknown): undefined => {
  if (error instanceof ApiError) return undefined;
  throw error;
};

/** Nothing when there is no answer, or none that counts; a refusal does. */
const notReached = (error: unknown): undefined => {
  if (error instanceof ApiError && mayHeal(error.problem.status)) return undefined;
  throw error;
};

function phaseAfter(result: PaymentResult): PaymentPhase {
  switch (result.kind) {
    case 'taken':
      return { at: 'settling', isSlow: false };
    case 'unknown':
      return { at: 'settling', isSlow: true };
    case 'cutOff':
      return { at: 'cutOff', isTrying: false };
    case 'refused':
      return { at: 'ready', refusal: result.message };
    case 'incomplete':
      return { at: 'ready' };
    case 'ended':
      return { at: 'ended', message: result.message };
    case 'signedOut':
      return unavailable(signedOut);
  }
}

function phaseOfFailure(error: unknown): PaymentPhase {
  if (error instanceof ScriptMissing) return unavailable(cannotLoad);
  if (!(error instanceof ApiError)) {
    reportError(error);
    return unavailable(ourFault);
  }
  const { status, code, detail } = error.problem;
  if (status === 409) return { at: 'ended', message: detail };
  if (!mayHeal(status)) return unavailable(detail);
  // Whoever answered in their place speaks of servers; without an answer at all it is the connection.
  return unavailable(status >= 500 && code !== unreachable.code ? paymentsAway : detail, { heals: true });
}

const unavailable = (message: string, { heals } = { heals: false }): PaymentPhase => ({
  at: 'unavailable',
  message,
  heals,
  isTrying: false,
});
