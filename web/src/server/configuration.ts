// What the web server is told by its environment, read once and checked before it takes a request.

export interface Configuration {
  /** The sidecar; without one, `apiUrl` is where the API is. */
  daprHttpPort: string | undefined;
  daprApiToken: string | undefined;
  apiUrl: string | undefined;
  /** The address visitors use: `https://tickets.example`. */
  publicUrl: URL;
  /** The simulator's Stripe.js; with real Stripe there is none. */
  stripeScriptUrl: URL | undefined;
  /** How long a ticket is held; the services decide it, by the same setting. */
  holdMs: number;
}

/** @throws Error with one sentence for the operator */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const { DAPR_HTTP_PORT, DAPR_API_TOKEN, API_URL, PUBLIC_URL, STRIPE_SCRIPT_URL, HOLD_WINDOW } = environment;
  if (!DAPR_HTTP_PORT && !API_URL) {
    throw new Error('Set API_URL to the address of the marketplace, or start the web server beside a Dapr sidecar.');
  }
  if (!PUBLIC_URL && !API_URL) throw new Error('Set PUBLIC_URL to the address that visitors use.');
  return {
    daprHttpPort: DAPR_HTTP_PORT || undefined,
    daprApiToken: DAPR_API_TOKEN || undefined,
    apiUrl: DAPR_HTTP_PORT || !API_URL ? undefined : httpUrl('API_URL', API_URL).origin,
    publicUrl: httpUrl('PUBLIC_URL', PUBLIC_URL || API_URL),
    stripeScriptUrl: STRIPE_SCRIPT_URL ? httpUrl('STRIPE_SCRIPT_URL', STRIPE_SCRIPT_URL) : undefined,
    holdMs: durationMs('HOLD_WINDOW', HOLD_WINDOW || '15m'),
  };
}

const unitsMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `15m`, `8s`, `1h30m`: as the services read it, whose code the web does not import; none at all is a mistake. */
function durationMs(name: string, text: string): number {
  const parts = /^(\d+(ms|s|m|h))+$/.test(text) ? [...text.matchAll(/(\d+)(ms|s|m|h)/g)] : [];
  const ms = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitsMs[unit ?? ''] ?? 0), 0);
  if (ms > 0) return ms;
  throw new Error(`${name} must be a duration such as 15m or 8s, not "${text}".`);
}

function httpUrl(name: string, value = ''): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error(`${name} must be an http or https address, not "${value}".`);
  }
  return url;
}
