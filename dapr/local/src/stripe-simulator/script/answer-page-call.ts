import type { IncomingMessage } from 'node:http';
import type { Account } from '../account';
import { type Answer, jsonAnswer } from '../http/answer';

/** What a browser loads. */
export function answerPageCall(_request: IncomingMessage, path: string, _parts: { account: Account }): Answer {
  return jsonAnswer(404, { error: { type: 'invalid_request_error', message: `There is nothing at ${path}.` } });
}
