/** The API's limits on a password, in characters; a test holds these against its contract. */
export const passwordLength = { min: 8, max: 128 } as const;

/** As a field's rule: empty, or no problem. The API looks closer. */
export const emailProblem = (email: string | undefined): true | string =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email?.trim() ?? '') || 'Give an e-mail address, such as you@example.com.';

export function newPasswordProblem(password: string | undefined): true | string {
  const length = [...(password ?? '')].length;
  if (length < passwordLength.min) return `Choose a password of at least ${passwordLength.min} characters.`;
  return length <= passwordLength.max || `A password has at most ${passwordLength.max} characters.`;
}
