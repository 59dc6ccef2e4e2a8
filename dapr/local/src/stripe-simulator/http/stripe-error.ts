/** The error objects that Stripe's API answers: https://docs.stripe.com/api/errors */
export interface StripeErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  code?: string;
  decline_code?: string;
  message: string;
  param?: string;
  charge?: string;
  payment_intent?: object;
  payment_method?: object;
  payment_method_type?: string;
  doc_url?: string;
  request_log_url?: string;
}

/** A refusal, thrown where it is decided and answered by the HTTP front with `status`. */
export class StripeError extends Error {
  readonly body: StripeErrorBody;

  constructor(
    readonly status: number,
    body: StripeErrorBody,
  ) {
    super(body.message);
    this.body = body.code ? { ...body, doc_url: docUrl(body.code) } : body;
  }

  /** The same refusal with the intent it is about inside, as Stripe answers it. */
  about(paymentIntent: object): StripeError {
    return new StripeError(this.status, { ...this.body, payment_intent: paymentIntent });
  }
}

export const docUrl = (code: string): string => `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;

export const invalidRequest = (message: string, more: Partial<StripeErrorBody> = {}): StripeError =>
  new StripeError(400, { type: 'invalid_request_error', message, ...more });

export const resourceMissing = (kind: string, id: string, param: string): StripeError =>
  new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });

export const unexpectedState = (message: string): StripeError =>
  invalidRequest(message, { code: 'payment_intent_unexpected_state' });

export const cardError = (code: string, message: string, more: Partial<StripeErrorBody> = {}): StripeError =>
  new StripeError(402, { type: 'card_error', code, message, ...more });

export const unauthorized = (message: string, code?: string): StripeError =>
  new StripeError(401, { type: 'invalid_request_error', message, ...(code ? { code } : {}) });
