import type { Stripe } from '@stripe/stripe-js';
import { loadStripe as loadFromStripe } from '@stripe/stripe-js/pure';

/** The script did not come: blocked, or no connection. */
export class ScriptMissing extends Error {}

/**
 * Stripe.js with this account's key. It comes from Stripe, unless the server names another script that does the same:
 * that one is put in place first, and taken for Stripe's.
 * @param scriptAddress nothing for Stripe's own
 * @throws ScriptMissing when the script cannot be had; asking again tries again
 */
export async function loadStripe(scriptAddress: string | undefined, publishableKey: string): Promise<Stripe> {
  if (scriptAddress) await placeScript(scriptAddress);
  // Rejects only when its script did not load.
  const stripe = await loadFromStripe(publishableKey).catch((cause: unknown) => {
    throw new ScriptMissing('Stripe.js could not be loaded', { cause });
  });
  if (!stripe) throw new Error('Stripe.js runs in browsers only');
  return stripe;
}

let placing: Promise<void> | undefined;

/** Needs no nonce: the content security policy trusts what its trusted scripts load ('strict-dynamic'). */
function placeScript(address: string): Promise<void> {
  placing ??= new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      placing = undefined;
      reject(new ScriptMissing(`${address} could not be loaded`));
    };
    document.head.append(script);
  });
  return placing;
}
