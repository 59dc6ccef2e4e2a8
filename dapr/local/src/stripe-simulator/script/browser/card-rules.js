/** What a card's fields may hold and how they are shown: no page, no network. Messages and codes as Stripe.js has them. */

const brands = [
  { brand: 'amex', pattern: /^3[47]/, digits: 15, groups: [4, 6, 5], cvcDigits: 4 },
  { brand: 'diners', pattern: /^3(0|[689])/, digits: 14, groups: [4, 6, 4], cvcDigits: 3 },
  { brand: 'jcb', pattern: /^35/, digits: 16, groups: [4, 4, 4, 4], cvcDigits: 3 },
  { brand: 'visa', pattern: /^4/, digits: 16, groups: [4, 4, 4, 4], cvcDigits: 3 },
  { brand: 'mastercard', pattern: /^(5[1-5]|2[2-7])/, digits: 16, groups: [4, 4, 4, 4], cvcDigits: 3 },
  { brand: 'unionpay', pattern: /^62/, digits: 16, groups: [4, 4, 4, 4], cvcDigits: 3 },
  { brand: 'discover', pattern: /^6(011|5|4[4-9])/, digits: 16, groups: [4, 4, 4, 4], cvcDigits: 3 },
];
const unknownBrand = { brand: 'unknown', digits: 16, groups: [4, 4, 4, 4], cvcDigits: 4 };

export const digitsIn = (text) => text.replaceAll(/\D/g, '');

export const brandOf = (number) => brands.find(({ pattern }) => pattern.test(digitsIn(number))) ?? unknownBrand;

export function formatNumber(text) {
  const { digits, groups } = brandOf(text);
  let rest = digitsIn(text).slice(0, digits);
  const parts = [];
  for (const size of groups) {
    if (rest === '') break;
    parts.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return parts.join(' ');
}

/** `MM / YY`; a first digit above 1 can only be a month of its own. */
export function formatExpiry(text, isDeleting) {
  const typed = digitsIn(text);
  const digits = (/^[2-9]/.test(typed) ? `0${typed}` : typed).slice(0, 4);
  if (digits.length < 2 || (isDeleting && digits.length === 2)) return digits;
  return `${digits.slice(0, 2)} / ${digits.slice(2)}`;
}

export const formatCvc = (text, number) => digitsIn(text).slice(0, brandOf(number).cvcDigits);

export function numberProblem(text) {
  const number = digitsIn(text);
  if (number.length < brandOf(number).digits) return problem('incomplete_number', 'Your card number is incomplete.');
  return passesLuhn(number) ? null : problem('invalid_number', 'Your card number is invalid.');
}

export function expiryProblem(text, today = new Date()) {
  const digits = digitsIn(text);
  if (digits.length < 4) return problem('incomplete_expiry', "Your card's expiration date is incomplete.");
  const { month, year } = expiryIn(text);
  if (month < 1 || month > 12) return problem('invalid_expiry_month', "Your card's expiration month is invalid.");
  if (year < today.getFullYear()) {
    return problem('invalid_expiry_year_past', "Your card's expiration year is in the past.");
  }
  const isOver = year === today.getFullYear() && month < today.getMonth() + 1;
  return isOver ? problem('invalid_expiry_month_past', "Your card's expiration date is in the past.") : null;
}

export const expiryIn = (text) => {
  const digits = digitsIn(text);
  return { month: Number(digits.slice(0, 2)), year: 2000 + Number(digits.slice(2, 4)) };
};

export function cvcProblem(text, number) {
  const { brand, cvcDigits } = brandOf(number);
  const wanted = brand === 'unknown' ? 3 : cvcDigits;
  return digitsIn(text).length < wanted ? problem('incomplete_cvc', "Your card's security code is incomplete.") : null;
}

const problem = (code, message) => ({ type: 'validation_error', code, message });

function passesLuhn(number) {
  let sum = 0;
  for (const [index, digit] of [...number].reverse().entries()) {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
