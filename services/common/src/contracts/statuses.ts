/** What an order can be, as stored. `Capturing` is shown outside as `AwaitingPayment`. Source: the purchase protocol. */
export const orderStatuses = ['Created', 'AwaitingPayment', 'Capturing', 'Completed', 'Cancelled'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const publicOrderStatuses = ['Created', 'AwaitingPayment', 'Completed', 'Cancelled'] as const;
export type PublicOrderStatus = (typeof publicOrderStatuses)[number];

export const publicOrderStatus = (status: OrderStatus): PublicOrderStatus =>
  status === 'Capturing' ? 'AwaitingPayment' : status;

/** Why an order ended without a sale. */
export const cancelReasons = [
  'Expired',
  'CancelledByBuyer',
  'PaymentFailed',
  'AuthorisationLapsed',
  'HoldNotConfirmed',
] as const;
export type CancelReason = (typeof cancelReasons)[number];

export const chargeStatuses = ['Created', 'Failed', 'Completed'] as const;
export type ChargeStatus = (typeof chargeStatuses)[number];

export const currency = 'usd' as const;
/** Prices are integers in minor units. The lower bound is Stripe's smallest charge in USD, the upper its eight digits. */
export const priceLimitsCents = { min: 50, max: 99_999_999 } as const;
export const titleLength = { min: 1, max: 200 } as const;
export const venueLength = { min: 1, max: 200 } as const;
export const passwordLength = { min: 8, max: 128 } as const;
