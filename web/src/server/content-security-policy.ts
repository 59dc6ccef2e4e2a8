/** Stripe's documented origins: https://docs.stripe.com/security/guide#content-security-policy */
const stripe = {
  script: ['https://js.stripe.com', 'https://*.js.stripe.com'],
  frame: ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com'],
  connect: ['https://api.stripe.com'],
};

interface PolicyOptions {
  nonce: string;
  /** Where Stripe.js comes from instead of Stripe itself: the simulator. */
  stripeOrigin: string | undefined;
  /** `next dev` evaluates code and writes styles by itself. */
  development: boolean;
}

/** What pages may load and be loaded by: our own origin and Stripe's, or the simulator's. */
export function contentSecurityPolicy({ nonce, stripeOrigin, development }: PolicyOptions): string {
  const payments = stripeOrigin ? { script: [stripeOrigin], frame: [stripeOrigin], connect: [stripeOrigin] } : stripe;
  const directives: Record<string, string[]> = {
    'default-src': ["'self'"],
    'script-src': [
      "'self'",
      `'nonce-${nonce}'`,
      "'strict-dynamic'",
      ...payments.script,
      ...(development ? ["'unsafe-eval'"] : []),
    ],
    'style-src': development ? ["'self'", "'unsafe-inline'"] : ["'self'", `'nonce-${nonce}'`],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...payments.connect, ...(development ? ['ws:'] : [])],
    'frame-src': payments.frame,
    'manifest-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}
