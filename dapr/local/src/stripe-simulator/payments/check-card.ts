import { cardError, type StripeError } from '../http/stripe-error';

export interface CardDetails {
  number: string;
  expMonth: number;
  expYear: number;
  cvc: string | undefined;
}

/** Throws Stripe's card error for a number, date or code that no card can have. */
export function checkCard(card: CardDetails, now: Date): void {
  const refusal = refusalOf(card, now);
  if (refusal) throw refusal;
}

function refusalOf({ number, expMonth, expYear, cvc }: CardDetails, now: Date): StripeError | null {
  if (!/^\d{12,19}$/.test(number)) return refuse('invalid_number', 'Your card number is invalid.', 'number');
  if (!passesLuhn(number)) return refuse('incorrect_number', 'Your card number is incorrect.', 'number');

  const year = expYear < 100 ? 2000 + expYear : expYear;
  const yearNow = now.getUTCFullYear();
  if (year < yearNow || year > yearNow + 50) {
    return refuse('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year');
  }
  const monthIsOver = year === yearNow && expMonth < now.getUTCMonth() + 1;
  if (expMonth < 1 || expMonth > 12 || monthIsOver) {
    return refuse('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month');
  }

  const cvcDigits = /^3[47]/.test(number) ? /^\d{3,4}$/ : /^\d{3}$/;
  if (cvc !== undefined && !cvcDigits.test(cvc)) {
    return refuse('invalid_cvc', "Your card's security code is invalid.", 'cvc');
  }
  return null;
}

const refuse = (code: string, message: string, param: string) => cardError(code, message, { param });

export function passesLuhn(number: string): boolean {
  let sum = 0;
  for (let index = 0; index < number.length; index += 1) {
    const digit = Number(number[number.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
