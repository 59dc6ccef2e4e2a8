import { ConfigurationError, type Dapr } from '@ticketing/common';
import { z } from 'zod';

const secretName = 'stripe-secret';
const field = (prefix: RegExp, what: string) => z.string(`it has no ${what}`).regex(prefix, `its ${what} is malformed`);

const stripeSecret = z.object({
  secretKey: field(/^(sk|rk)_\S+$/, 'secretKey'),
  publishableKey: field(/^pk_\S+$/, 'publishableKey'),
  webhookSecret: field(/^whsec_\S+$/, 'webhookSecret'),
});
export type StripeSecret = z.infer<typeof stripeSecret>;

/** @throws ConfigurationError when a key is missing or is not of the kind it should be */
export async function readStripeSecret({ secrets }: Pick<Dapr, 'secrets'>): Promise<StripeSecret> {
  const secret = await secrets.get(secretName).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`The secret ${secretName} cannot be read from the secret store: ${reason}`, { cause });
  });
  const parsed = stripeSecret.safeParse(secret);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    `The secret ${secretName} cannot be used: ${parsed.error.issues.map(({ message }) => message).join(', ')}.`,
  );
}
