import type { Change, Circumstances, PaymentIntent } from './objects';

export interface NewIntent {
  amount: number;
  currency: string;
  captureMethod: PaymentIntent['capture_method'];
  confirmationMethod: PaymentIntent['confirmation_method'];
  allowedPaymentMethodTypes: string[] | null;
  paymentMethodTypes: string[];
  automaticPaymentMethods: PaymentIntent['automatic_payment_methods'];
  metadata: Record<string, string>;
  description: string | null;
  receiptEmail: string | null;
  statementDescriptor: string | null;
  statementDescriptorSuffix: string | null;
  transferGroup: string | null;
  paymentMethod: string | null;
  requestThreeDSecure: string;
}

export function createIntent(
  wanted: NewIntent,
  clientSecretOf: (intentId: string) => string,
  { nowSeconds, newId }: Circumstances,
): Change & { intent: PaymentIntent } {
  const id = newId('pi');
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: wanted.allowedPaymentMethodTypes,
    amount: wanted.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: wanted.automaticPaymentMethods,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: wanted.captureMethod,
    client_secret: clientSecretOf(id),
    confirmation_method: wanted.confirmationMethod,
    created: nowSeconds,
    currency: wanted.currency,
    customer: null,
    customer_account: null,
    description: wanted.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: wanted.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: wanted.paymentMethod,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, network: null, request_three_d_secure: wanted.requestThreeDSecure },
    },
    payment_method_types: wanted.paymentMethodTypes,
    payment_record: null,
    processing: null,
    receipt_email: wanted.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: wanted.statementDescriptor,
    statement_descriptor_suffix: wanted.statementDescriptorSuffix,
    status: wanted.paymentMethod ? 'requires_confirmation' : 'requires_payment_method',
    transfer_data: null,
    transfer_group: wanted.transferGroup,
  };
  return { intent, announce: [{ type: 'payment_intent.created', object: intent }] };
}
