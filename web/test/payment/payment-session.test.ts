import type { Stripe, StripeElements, StripeError } from '@stripe/stripe-js';
import { ApiError, unreachable } from '@/api/problem';
import type { Charge } from '@/api/types';
import { ScriptMissing } from '@/payment/load-stripe';
import { createPaymentSession, type PaymentDeps } from '@/payment/payment-session';

const payment = { id: 'payment', clientSecret: 'pi_1_secret_2', publishableKey: 'pk_test_1', amount: 4500 };
const completed: Charge = { id: 'charge', orderId: 'order', status: 'Completed', amount: 4500, stripeRefundId: null };
const elements = { submit: async () => ({}) } as unknown as StripeElements;

/** Stripe as the browser sees it: one PaymentIntent, and what the next card comes to. */
function stripeWith(status: string, error?: Partial<StripeError>) {
  const intent = { status };
  const confirmPayment = jest.fn(async () => {
    if (error) return { error };
    intent.status = 'requires_capture';
    return { paymentIntent: intent };
  });
  const retrievePaymentIntent = jest.fn(async () => ({ paymentIntent: { ...intent } }));
  return { intent, confirmPayment, retrievePaymentIntent };
}

function sessionWith(stripe: ReturnType<typeof stripeWith>, changes: Partial<PaymentDeps> = {}) {
  const ask = jest.fn(async () => completed);
  const onChange = jest.fn();
  const session = createPaymentSession({
    open: async () => payment,
    loadStripe: async () => stripe as unknown as Stripe,
    ask,
    isSignedIn: async () => true,
    onSignedOut: () => {},
    wait: async () => {},
    tabs: { oneAtATime: (work) => work(), otherDone: async () => {} },
    returnUrl: () => 'http://localhost/orders/order',
    onChange,
    ...changes,
  });
  return { session, ask, onChange, phase: () => session.state().phase };
}

const refusal = (status: number, detail: string) => new ApiError({ status, code: '', detail, errors: [] });

test('a card is confirmed at Stripe, then settled by the server, and the order is read again', async () => {
  const stripe = stripeWith('requires_payment_method');
  const { session, ask, onChange, phase } = sessionWith(stripe);
  await session.open();
  expect(phase()).toEqual({ at: 'ready' });
  await session.pay(elements);
  expect(ask).toHaveBeenCalledWith('payment');
  expect(phase()).toEqual({ at: 'settling', isSlow: false });
  expect(onChange).toHaveBeenCalled();
});

test('a double click confirms once', async () => {
  const stripe = stripeWith('requires_payment_method');
  const { session } = sessionWith(stripe);
  await session.open();
  await Promise.all([session.pay(elements), session.pay(elements)]);
  expect(stripe.confirmPayment).toHaveBeenCalledTimes(1);
});

test('a page reloaded between confirming and settling settles, and asks for no card', async () => {
  const stripe = stripeWith('requires_capture');
  const { session, ask, phase } = sessionWith(stripe);
  await session.open();
  expect(ask).toHaveBeenCalledTimes(1);
  expect(phase()).toEqual({ at: 'settling', isSlow: false });
  expect(stripe.confirmPayment).not.toHaveBeenCalled();
});

test('a card that another tab confirmed meanwhile is settled, not confirmed again', async () => {
  const stripe = stripeWith('requires_payment_method');
  const { session, ask } = sessionWith(stripe);
  await session.open();
  stripe.intent.status = 'requires_capture';
  await session.pay(elements);
  expect(stripe.confirmPayment).not.toHaveBeenCalled();
  expect(ask).toHaveBeenCalledTimes(1);
});

test('while another tab pays this one waits, and then looks how it ended', async () => {
  const stripe = stripeWith('requires_payment_method');
  const seen: string[] = [];
  const { session, phase } = sessionWith(stripe, {
    tabs: {
      oneAtATime: async () => 'busy',
      otherDone: async () => {
        seen.push(phase().at);
        stripe.intent.status = 'succeeded';
      },
    },
  });
  await session.open();
  await session.pay(elements);
  expect(seen).toEqual(['elsewhere']);
  expect(phase()).toEqual({ at: 'settling', isSlow: false });
  expect(stripe.confirmPayment).not.toHaveBeenCalled();
});

test('a declined card is told in words, reported to the server, and the next one may be tried', async () => {
  const stripe = stripeWith('requires_payment_method', { type: 'card_error', decline_code: 'insufficient_funds' });
  const { session, ask, phase } = sessionWith(stripe);
  await session.open();
  await session.pay(elements);
  expect(phase()).toEqual({ at: 'ready', refusal: expect.stringContaining('not enough money') });
  expect(ask).toHaveBeenCalledTimes(1);
  await session.pay(elements);
  expect(stripe.confirmPayment).toHaveBeenCalledTimes(2);
});

test('a failed authentication is told as such', async () => {
  const stripe = stripeWith('requires_payment_method', {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
  });
  const { session, phase } = sessionWith(stripe);
  await session.open();
  await session.pay(elements);
  expect(phase()).toEqual({ at: 'ready', refusal: expect.stringContaining('could not confirm that it was you') });
});

test('an answer of Stripe that is lost after the work is done leads to settling', async () => {
  const stripe = stripeWith('requires_payment_method', { type: 'api_connection_error' });
  const { session, ask, phase } = sessionWith(stripe);
  await session.open();
  stripe.confirmPayment.mockImplementationOnce(async () => {
    stripe.intent.status = 'requires_capture';
    return { error: { type: 'api_connection_error' } };
  });
  await session.pay(elements);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(phase().at).toBe('settling');
});

test('a server that does not come to know says so, and claims nothing', async () => {
  const stripe = stripeWith('requires_payment_method');
  const { session, phase } = sessionWith(stripe, { ask: async () => Promise.reject(refusal(503, 'later')) });
  await session.open();
  await session.pay(elements);
  expect(phase()).toEqual({ at: 'settling', isSlow: true });
});

test('a payment that was voided ends with what the server says of it', async () => {
  const stripe = stripeWith('requires_payment_method');
  const voided: Charge = { ...completed, status: 'Failed', reason: 'voided', message: 'You were not charged.' };
  const { session, phase } = sessionWith(stripe, { ask: async () => voided });
  await session.open();
  await session.pay(elements);
  expect(phase()).toEqual({ at: 'ended', message: 'You were not charged.' });
});

describe('When the payment cannot be opened', () => {
  const gateway = () =>
    new ApiError({
      status: 502,
      code: 'about:blank',
      detail: 'The service broke off.',
      errors: [],
      retryAfterSeconds: 1,
    });
  const away = {
    at: 'unavailable',
    message: 'Payments are not answering just now. Your ticket is still held; we try again by ourselves.',
    heals: true,
  };

  test.each([
    ['payments that are away', gateway()],
    ['payments that do not know, before a card was typed', refusal(503, 'You will not be charged twice.')],
  ])('then a buyer is told what that means for the ticket: %s', async (_, failure) => {
    const { session, phase } = sessionWith(stripeWith('requires_payment_method'), {
      open: async () => Promise.reject(failure),
    });
    await session.open();
    expect(phase()).toEqual({ ...away, isTrying: false });
  });

  test('then what is said stays while it is tried again, once at a time, until the form is there', async () => {
    const answers = [gateway(), gateway()];
    const open = jest.fn(async () => {
      const failure = answers.shift();
      if (failure) throw failure;
      return payment;
    });
    const { session, phase } = sessionWith(stripeWith('requires_payment_method'), { open });
    await session.open();
    const seen: unknown[] = [];
    const stop = session.subscribe(() => seen.push(phase()));
    await Promise.all([session.resume(), session.resume()]);
    expect(seen).toEqual([
      { ...away, isTrying: true },
      { ...away, isTrying: false },
    ]);
    stop();
    await session.resume();
    expect(phase()).toEqual({ at: 'ready' });
    expect(open).toHaveBeenCalledTimes(3);
  });

  test('then a refusal is told as it is, and does not pass by itself', async () => {
    const answers = [refusal(403, 'This order is somebody else’s.'), refusal(409, 'This order is paid already.')];
    const { session, phase } = sessionWith(stripeWith('requires_payment_method'), {
      open: async () => Promise.reject(answers.shift()),
    });
    await session.open();
    expect(phase()).toMatchObject({ message: 'This order is somebody else’s.', heals: false });
    await session.resume();
    expect(phase()).toEqual({ at: 'ended', message: 'This order is paid already.' });
  });

  test('then a connection that is gone is told as such, and tried again', async () => {
    const { session, phase } = sessionWith(stripeWith('requires_payment_method'), {
      open: async () => Promise.reject(new ApiError(unreachable)),
    });
    await session.open();
    expect(phase()).toMatchObject({ message: unreachable.detail, heals: true });
  });
});

test("a script that does not load is told in words, not as a program's error", async () => {
  const { session, phase } = sessionWith(stripeWith('requires_payment_method'), {
    loadStripe: async () => Promise.reject(new ScriptMissing('blocked')),
  });
  await session.open();
  expect(phase()).toMatchObject({
    at: 'unavailable',
    heals: false,
    message: expect.stringContaining('card form could not be loaded'),
  });
});

test('what is neither an answer nor a missing script is a fault of ours: reported, and told as such', async () => {
  const fault = new TypeError('no such thing');
  const reported = jest.fn();
  globalThis.reportError = reported;
  const { session, phase } = sessionWith(stripeWith('requires_payment_method'), {
    loadStripe: async () => Promise.reject(fault),
  });
  await session.open();
  expect(reported).toHaveBeenCalledWith(fault);
  expect(phase()).toMatchObject({ at: 'unavailable', heals: false, message: expect.stringContaining('Load it again') });
});

test('a card is not sent once nobody is signed in, and the page is told', async () => {
  const stripe = stripeWith('requires_payment_method');
  const onSignedOut = jest.fn();
  const { session, phase } = sessionWith(stripe, { isSignedIn: async () => false, onSignedOut });
  await session.open();
  await session.pay(elements);
  expect(stripe.confirmPayment).not.toHaveBeenCalled();
  expect(onSignedOut).toHaveBeenCalledWith(false);
  expect(phase()).toMatchObject({ at: 'unavailable', message: expect.stringContaining('nothing was charged') });
});

test('a page that is left while it pays reports nothing, and shows the truth when it is opened again', async () => {
  const stripe = stripeWith('requires_payment_method');
  const reported = jest.fn();
  globalThis.reportError = reported;
  const { session, phase } = sessionWith(stripe);
  await session.open();
  // As Stripe.js does when its fields are gone.
  stripe.confirmPayment.mockImplementationOnce(async () => {
    throw new Error('We could not retrieve data from the specified Element.');
  });
  const paying = session.pay(elements);
  session.leave();
  await paying;
  expect(reported).not.toHaveBeenCalled();
  await session.open();
  expect(phase()).toEqual({ at: 'ready' });
});

describe('When the connection is lost while a card is sent', () => {
  /** What Stripe answers while there is no way to it. */
  const noAnswer = async () => ({ error: { type: 'api_connection_error' } });

  async function cutOff(changes: Partial<PaymentDeps> = {}) {
    const stripe = stripeWith('requires_payment_method');
    const connected = { retrieve: stripe.retrievePaymentIntent.getMockImplementation() };
    const opened = jest.fn(async () => payment);
    const all = sessionWith(stripe, { open: opened, ...changes });
    await all.session.open();
    stripe.retrievePaymentIntent.mockImplementation(noAnswer as never);
    stripe.confirmPayment.mockImplementation(noAnswer as never);
    opened.mockImplementation(async () => Promise.reject(refusal(503, 'unreachable')));
    await all.session.pay(elements);
    const comesBack = () => {
      stripe.retrievePaymentIntent.mockImplementation(connected.retrieve);
      opened.mockImplementation(async () => payment);
    };
    return { ...all, stripe, opened, comesBack };
  }

  test('then nothing is claimed, and looking again changes nothing before it is back', async () => {
    const { session, ask, phase } = await cutOff();
    expect(phase()).toEqual({ at: 'cutOff', isTrying: false });
    await session.resume();
    expect(phase()).toEqual({ at: 'cutOff', isTrying: false });
    expect(ask).not.toHaveBeenCalled();
  });

  test('then the form is open again once it is back, and the next press pays', async () => {
    const { session, stripe, comesBack, onChange, phase } = await cutOff();
    comesBack();
    onChange.mockClear();
    await session.resume();
    expect(phase()).toEqual({ at: 'ready', isBack: true });
    expect(onChange).toHaveBeenCalled();
    stripe.confirmPayment.mockImplementation(async () => ({ paymentIntent: { status: 'requires_capture' } }));
    await session.pay(elements);
    expect(phase()).toEqual({ at: 'settling', isSlow: false });
  });

  test('then a card that had arrived is settled once it is back, and not sent again', async () => {
    const { session, stripe, comesBack, ask, phase } = await cutOff();
    stripe.intent.status = 'requires_capture';
    comesBack();
    stripe.confirmPayment.mockClear();
    await session.resume();
    expect(ask).toHaveBeenCalledTimes(1);
    expect(phase()).toEqual({ at: 'settling', isSlow: false });
    expect(stripe.confirmPayment).not.toHaveBeenCalled();
  });

  test('then an order that ended meanwhile has ended', async () => {
    const { session, opened, comesBack, phase } = await cutOff();
    comesBack();
    opened.mockImplementation(async () => Promise.reject(refusal(409, 'This order has ended.')));
    await session.resume();
    expect(phase()).toEqual({ at: 'ended', message: 'This order has ended.' });
  });

  test('then the timer, the button and the news of the connection look once together', async () => {
    const { session, opened, comesBack } = await cutOff();
    comesBack();
    opened.mockClear();
    await Promise.all([session.resume(), session.resume(), session.resume()]);
    expect(opened).toHaveBeenCalledTimes(1);
  });
});

test('a server that took too long to settle is asked again, once each time', async () => {
  let answers = false;
  const { session, ask, phase } = sessionWith(stripeWith('requires_payment_method'));
  ask.mockImplementation(async () => (answers ? completed : Promise.reject(refusal(503, 'later'))));
  await session.open();
  await session.pay(elements);
  ask.mockClear();
  await session.resume();
  expect([phase(), ask.mock.calls.length]).toEqual([{ at: 'settling', isSlow: true }, 1]);
  answers = true;
  await session.resume();
  expect(phase()).toEqual({ at: 'settling', isSlow: false });
});

describe('When the server asks to be left alone for a while', () => {
  const busy = () => new ApiError({ status: 429, code: '', detail: '', errors: [], retryAfterSeconds: 30 });

  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each<[string, Partial<PaymentDeps>]>([
    ['opening', { open: async () => Promise.reject(busy()) }],
    ['settling', { ask: async () => Promise.reject(busy()) }],
  ])('then nobody asks again of their own accord before that is over: %s', async (_, refusing) => {
    const { session } = sessionWith(stripeWith('requires_capture'), refusing);
    expect(session.restMs()).toBe(0);
    await session.open();
    jest.advanceTimersByTime(10_000);
    expect(session.restMs()).toBe(20_000);
    jest.advanceTimersByTime(30_000);
    expect(session.restMs()).toBe(0);
  });
});
