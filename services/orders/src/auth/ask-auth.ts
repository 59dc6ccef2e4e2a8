import { type Invoker, internalUser, NoAnswer, understood } from '@ticketing/common';

/** A ticket is not kept from its buyer for long because auth is away. */
const timeoutMs = 2_000;

/** What people know themselves by: their e-mail address, or their account's id while auth does not tell it. */
export const nameBuyer =
  (invoker: Invoker) =>
  async (userId: string): Promise<string> => {
    try {
      const path = `internal/users/${encodeURIComponent(userId)}`;
      const answer = await invoker.invoke({ app: 'auth', method: 'GET', path, timeoutMs });
      return understood('auth', answer, 200, internalUser).email;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
    return `Account ${userId}`;
  };
