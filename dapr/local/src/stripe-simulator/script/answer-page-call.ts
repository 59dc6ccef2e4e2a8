import type { IncomingMessage } from 'node:http';
import { type Answer, jsonAnswer } from '../http/answer';
import type { Api } from '../http/answer-api-call';
import { answerAuthentication } from './authenticate-page';
import { homePage } from './home-page';
import { answerAsset, answerPage, answerStripeJs } from './read-assets';

/** What a browser loads: Stripe.js at Stripe's own paths, the card fields, the bank's question. */
export async function answerPageCall(request: IncomingMessage, path: string, api: Api): Promise<Answer> {
  const [, area = '', name = '', ...rest] = path.split('/');
  if (rest.length > 0) return nothingAt(path);
  if (area === 'authenticate' && name) return answerAuthentication(request, name, api);
  if (request.method !== 'GET' && request.method !== 'HEAD') return nothingAt(path);
  if (area === '') return answerPage(homePage());
  if (area === 'elements') return answerAsset(name) ?? nothingAt(path);
  const isStripeJs = area === 'stripe.js' || (area === 'v3' && name === '') || name === 'stripe.js';
  return isStripeJs ? answerStripeJs() : nothingAt(path);
}

const nothingAt = (path: string): Answer =>
  jsonAnswer(404, { error: { type: 'invalid_request_error', message: `There is nothing at ${path}.` } });
