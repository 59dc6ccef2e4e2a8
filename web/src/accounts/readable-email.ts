import { domainToUnicode } from 'node:url';

/** An address as its owner writes it: accounts keep `ada@xn--mnchen-3ya.de` for `ada@münchen.de`. For pages, not browsers. */
export function readableEmail(email: string): string {
  const at = email.lastIndexOf('@') + 1;
  // Empty when it is no domain of any language.
  return email.slice(0, at) + (domainToUnicode(email.slice(at)) || email.slice(at));
}
