import { type OpenAccount, openAccount, refusalOf } from './open-account';

let account: OpenAccount;
beforeAll(async () => {
  account = await openAccount();
});
afterAll(() => account.stop());

describe('a payment with manual capture', () => {
  it('is created, authorised by the browser, captured and refunded', async () => {
    const created = await account.createIntent({ metadata: { orderId: 'o-1' }, description: 'A ticket' });
    expect(created).toMatchObject({
      object: 'payment_intent',
      status: 'requires_payment_method',
      amount: 2000,
      capture_method: 'manual',
      metadata: { orderId: 'o-1' },
      livemode: false,
      latest_charge: null,
    });
    expect(created.client_secret).toMatch(new RegExp(`^${created.id}_secret_\\w+$`));

    const { paymentIntent } = await account.pay(created);
    expect(paymentIntent?.status).toBe('requires_capture');
    const authorised = await account.stripe.paymentIntents.retrieve(created.id, { expand: ['latest_charge'] });
    expect(authorised).toMatchObject({
      amount_capturable: 2000,
      amount_received: 0,
      latest_charge: { object: 'charge', captured: false, paid: true, status: 'succeeded', amount: 2000 },
    });

    const captured = await account.stripe.paymentIntents.capture(created.id);
    expect(captured).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 2000 });

    const part = await account.stripe.refunds.create({ payment_intent: created.id, amount: 500 });
    expect(part).toMatchObject({ object: 'refund', amount: 500, status: 'succeeded', charge: captured.latest_charge });
    await account.stripe.refunds.create({ payment_intent: created.id, reason: 'requested_by_customer' });
    const charge = await account.stripe.charges.retrieve(String(captured.latest_charge));
    expect(charge).toMatchObject({ amount_refunded: 2000, refunded: true, amount_captured: 2000 });
    const refunds = await account.stripe.refunds.list({ payment_intent: created.id });
    expect(refunds.data.map(({ amount }) => amount)).toEqual([1500, 500]);
    expect(await account.stripe.refunds.retrieve(part.id)).toMatchObject({ id: part.id });
  });

  it('is voided: the authorisation goes back to the card', async () => {
    const intent = await account.createIntent();
    await account.pay(intent);
    const canceled = await account.stripe.paymentIntents.cancel(intent.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', amount_capturable: 0, cancellation_reason: 'abandoned' });
    const charge = await account.stripe.charges.retrieve(String(canceled.latest_charge));
    expect(charge).toMatchObject({ captured: false, amount_captured: 0, amount_refunded: 2000, refunded: true });
  });

  it('may take less than was authorised, and releases the rest', async () => {
    const intent = await account.createIntent();
    await account.pay(intent);
    const captured = await account.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 700 });
    expect(captured.amount_received).toBe(700);
    const charge = await account.stripe.charges.retrieve(String(captured.latest_charge));
    expect(charge).toMatchObject({ amount: 2000, amount_captured: 700, amount_refunded: 1300, refunded: false });
    const refusal = await refusalOf(account.stripe.refunds.create({ charge: charge.id, amount: 701 }));
    expect(refusal.message).toBe('Refund amount ($7.01) is greater than unrefunded amount on charge ($7.00)');
  });

  it('succeeds at once with automatic capture, also when the server confirms', async () => {
    const intent = await account.createIntent({ capture_method: 'automatic' });
    expect((await account.pay(intent)).paymentIntent?.status).toBe('succeeded');
    const atOnce = await account.createIntent({
      capture_method: 'automatic',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    expect(atOnce).toMatchObject({ status: 'succeeded', amount_received: 2000 });
  });

  it('changes amount, description and metadata while open, only words afterwards', async () => {
    const intent = await account.createIntent({ metadata: { a: '1', b: '2' } });
    const { update } = account.stripe.paymentIntents;
    expect(
      await update.call(account.stripe.paymentIntents, intent.id, { amount: 2500, metadata: { a: '', c: '3' } }),
    ).toMatchObject({
      amount: 2500,
      metadata: { b: '2', c: '3' },
    });
    await account.pay(intent);
    expect(await account.stripe.paymentIntents.update(intent.id, { description: 'paid' })).toMatchObject({
      description: 'paid',
    });
    const refusal = await refusalOf(account.stripe.paymentIntents.update(intent.id, { amount: 1 + 2500 }));
    expect(refusal).toMatchObject({ code: 'payment_intent_unexpected_state', statusCode: 400 });
  });
});

describe('cards that the bank refuses', () => {
  it.each([
    ['4000000000000002', 'card_declined', 'generic_decline'],
    ['4000000000009995', 'card_declined', 'insufficient_funds'],
    ['4000000000009987', 'card_declined', 'lost_card'],
    ['4000000000000341', 'card_declined', 'generic_decline'],
    ['4000000000000069', 'expired_card', 'expired_card'],
    ['4000000000000127', 'incorrect_cvc', 'incorrect_cvc'],
    ['4000000000000119', 'processing_error', 'processing_error'],
    ['4111111111111111', 'card_declined', 'test_mode_live_card'],
  ])('%s answers %s (%s) and leaves a failed charge', async (number, code, declineCode) => {
    const intent = await account.createIntent();
    const { error } = await account.pay(intent, number);
    expect(error).toMatchObject({
      type: 'card_error',
      code,
      decline_code: declineCode,
      charge: expect.stringMatching(/^ch_/),
    });

    const after = await account.stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
    expect(after).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code, decline_code: declineCode, charge: error?.charge, payment_method: { type: 'card' } },
      latest_charge: { id: error?.charge, status: 'failed', paid: false, failure_code: code, captured: false },
    });
  });

  it('makes a charge of its own for each attempt, then takes a good card', async () => {
    const intent = await account.createIntent();
    const first = await account.pay(intent, '4000000000000002');
    const second = await account.pay(intent, '4000000000000002');
    expect((await account.pay(intent, '5555555555554444')).paymentIntent?.status).toBe('requires_capture');
    const charges = await account.stripe.charges.list({ payment_intent: intent.id });
    expect(charges.data.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'failed']);
    expect(charges.data.slice(1).map(({ id }) => id)).toEqual([second.error?.charge, first.error?.charge]);
  });

  it('answers 402 to a server that confirms, with the intent inside', async () => {
    const refusal = await refusalOf(
      account.createIntent({ payment_method: 'pm_card_visa_chargeDeclined', confirm: true }),
    );
    expect(refusal).toMatchObject({ type: 'StripeCardError', statusCode: 402, decline_code: 'generic_decline' });
    expect(refusal.payment_intent).toMatchObject({ status: 'requires_payment_method' });
  });
});

describe('cards that cannot be', () => {
  const year = new Date().getUTCFullYear();
  it.each([
    ['a wrong digit', { cardNumber: '4242424242424241' }, 'incorrect_number', 'number'],
    ['letters', { cardNumber: 'abcd' }, 'invalid_number', 'number'],
    ['month 13', { expMonth: 13 }, 'invalid_expiry_month', 'exp_month'],
    ['month 0', { expMonth: 0 }, 'invalid_expiry_month', 'exp_month'],
    ['last year', { expYear: year - 1 }, 'invalid_expiry_year', 'exp_year'],
    ['a code of two digits', { cvc: '12' }, 'invalid_cvc', 'cvc'],
  ])('%s', async (_what, wrong, code, param) => {
    const intent = await account.createIntent();
    const { error } = await account.pay(intent, '4242424242424242', wrong);
    expect(error).toMatchObject({ type: 'card_error', code, param });
    expect((await account.stripe.paymentIntents.retrieve(intent.id)).latest_charge).toBeNull();
  });
});

describe('cards that ask for authentication', () => {
  it.each(['4000002500003155', '4000002760003184'])('%s waits, and pays when approved', async (number) => {
    const intent = await account.createIntent();
    const { paymentIntent } = await account.pay(intent, number);
    expect(paymentIntent).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
    expect((await account.authenticate(intent, 'approve')).paymentIntent?.status).toBe('requires_capture');
    const { latest_charge } = await account.stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
    expect(latest_charge).toMatchObject({
      payment_method_details: { card: { three_d_secure: { result: 'authenticated' } } },
    });
  });

  it('goes back to a card when authentication fails, with no charge', async () => {
    const intent = await account.createIntent();
    await account.pay(intent, '4000002500003155');
    const { paymentIntent } = await account.authenticate(intent, 'fail');
    expect(paymentIntent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    expect((await account.stripe.charges.list({ payment_intent: intent.id })).data).toEqual([]);
  });

  it('may still be declined afterwards', async () => {
    const intent = await account.createIntent();
    await account.pay(intent, '4000008400001629');
    expect((await account.authenticate(intent, 'approve')).error).toMatchObject({ code: 'card_declined' });
  });

  it('sends the buyer back to a return address when there is one', async () => {
    const intent = await account.createIntent();
    const { paymentIntent } = await account.pay(intent, '4000002500003155', { returnUrl: 'http://localhost/back' });
    expect(paymentIntent?.next_action).toMatchObject({
      type: 'redirect_to_url',
      redirect_to_url: {
        return_url: 'http://localhost/back',
        url: expect.stringContaining(`/authenticate/${intent.id}`),
      },
    });
  });

  it('cannot be approved twice, or when nothing was asked', async () => {
    const intent = await account.createIntent();
    expect((await account.authenticate(intent, 'approve')).error?.code).toBe('payment_intent_unexpected_state');
  });
});

describe('what cannot be done any more', () => {
  it('says that it was captured already', async () => {
    const intent = await account.createIntent();
    await account.pay(intent);
    await account.stripe.paymentIntents.capture(intent.id);
    const refusal = await refusalOf(account.stripe.paymentIntents.capture(intent.id));
    expect(refusal).toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 400,
      code: 'payment_intent_unexpected_state',
      message: 'This PaymentIntent could not be captured because it has already been captured.',
    });
    expect(refusal.payment_intent).toMatchObject({ id: intent.id, status: 'succeeded' });
  });

  it('refuses capture, confirmation and cancellation of a canceled intent', async () => {
    const intent = await account.createIntent();
    await account.stripe.paymentIntents.cancel(intent.id);
    const { paymentIntents } = account.stripe;
    const works = [
      () => paymentIntents.capture(intent.id),
      () => paymentIntents.cancel(intent.id),
      () => paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }),
    ];
    for (const work of works) {
      const refusal = await refusalOf(work());
      expect(refusal.code).toBe('payment_intent_unexpected_state');
      expect(refusal.payment_intent?.status).toBe('canceled');
    }
    expect((await account.pay(intent)).error?.code).toBe('payment_intent_unexpected_state');
  });

  it('refuses to confirm without a card, or once paid', async () => {
    const intent = await account.createIntent();
    expect((await refusalOf(account.stripe.paymentIntents.confirm(intent.id))).message).toContain(
      'missing a payment method',
    );
    await account.pay(intent);
    expect((await account.pay(intent)).error?.code).toBe('payment_intent_unexpected_state');
  });

  it('refuses a second refund, a refund of nothing, and too much', async () => {
    const intent = await account.createIntent();
    const early = await refusalOf(account.stripe.refunds.create({ payment_intent: intent.id }));
    expect(early.message).toContain('does not have a successful charge');
    await account.pay(intent);
    await account.stripe.paymentIntents.capture(intent.id);
    expect((await refusalOf(account.stripe.refunds.create({ payment_intent: intent.id, amount: 2001 }))).param).toBe(
      'amount',
    );
    await account.stripe.refunds.create({ payment_intent: intent.id });
    expect((await refusalOf(account.stripe.refunds.create({ payment_intent: intent.id }))).code).toBe(
      'charge_already_refunded',
    );
  });

  it('refuses to capture more than was authorised', async () => {
    const intent = await account.createIntent();
    await account.pay(intent);
    const refusal = await refusalOf(account.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 2001 }));
    expect(refusal.code).toBe('amount_too_large');
  });
});

describe('lists', () => {
  it('pages newest first, by time and by cursor, as the SDK walks them', async () => {
    const lonely = await openAccount();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift((await lonely.createIntent()).id);
    const first = await lonely.stripe.paymentIntents.list({ limit: 2 });
    expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/payment_intents' });
    const walked: string[] = [];
    for await (const intent of lonely.stripe.paymentIntents.list({ limit: 2 })) walked.push(intent.id);
    expect(walked).toEqual(ids);
    const back = await lonely.stripe.paymentIntents.list({ limit: 2, ending_before: ids[4] ?? '' });
    expect(back.data.map(({ id }) => id)).toEqual(ids.slice(2, 4));
    const later = Math.floor(Date.now() / 1000) + 60;
    expect((await lonely.stripe.paymentIntents.list({ created: { gte: later } })).data).toEqual([]);
    expect((await lonely.stripe.paymentIntents.list({ created: { lt: later } })).data).toHaveLength(5);
    await lonely.stop();
  });
});

describe('a card whose owner disputes', () => {
  const disputed = async () => {
    const intent = await account.createIntent();
    await account.pay(intent, '4000000000000259');
    const captured = await account.stripe.paymentIntents.capture(intent.id);
    const charge = await account.stripe.charges.retrieve(String(captured.latest_charge));
    const [dispute, ...others] = (await account.stripe.disputes.list({ charge: charge.id })).data;
    if (!dispute || others.length > 0) throw new Error(`there are ${others.length + (dispute ? 1 : 0)} disputes`);
    return { charge, dispute };
  };

  it('takes the money back at the capture, until that is decided; no refund meanwhile', async () => {
    const { charge, dispute } = await disputed();
    expect(charge).toMatchObject({ disputed: true, amount_refunded: 0 });
    expect(dispute).toMatchObject({ amount: 2000, status: 'needs_response', payment_intent: charge.payment_intent });
    expect(await account.stripe.disputes.list({ payment_intent: String(charge.payment_intent) })).toMatchObject({
      data: [{ id: dispute.id }],
    });
    expect(await refusalOf(account.stripe.refunds.create({ charge: charge.id }))).toMatchObject({
      code: 'charge_disputed',
    });
  });

  it('is decided by what is answered', async () => {
    const { charge, dispute } = await disputed();
    const evidence = (text: string) => ({ evidence: { uncategorized_text: text } });
    await account.stripe.disputes.update(dispute.id, evidence('He was there, and clapped.'));
    expect((await account.stripe.disputes.retrieve(dispute.id)).status).toBe('needs_response');
    await account.stripe.disputes.update(dispute.id, evidence('winning_evidence'));
    expect((await account.stripe.disputes.retrieve(dispute.id)).status).toBe('won');
    expect((await refusalOf(account.stripe.disputes.close(dispute.id))).message).toMatch(/already closed/);
    expect((await account.stripe.refunds.create({ charge: charge.id })).status).toBe('succeeded');
  });

  it('is accepted by closing it', async () => {
    const { dispute } = await disputed();
    expect((await account.stripe.disputes.close(dispute.id)).status).toBe('lost');
  });
});
