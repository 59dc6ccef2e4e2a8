import type { z } from 'zod';
import { type Answer, type Invoker, NoAnswer } from './dapr';
import type { Sidecar } from './sidecar';

/** How long another service may take by default; the request budget of the purchase protocol is counted in these. */
export const invocationTimeoutMs = 5_000;

/** Service invocation through the sidecars, with the deadline and the status codes that the SDK's client lacks. */
export const sidecarInvoker = (sidecar: Sidecar): Invoker => ({
  async invoke({ app, method, path, body, timeoutMs = invocationTimeoutMs }) {
    const answer = await sidecar
      .request(method, `/v1.0/invoke/${app}/method/${path}`, body === undefined ? undefined : JSON.stringify(body), {
        timeoutMs,
      })
      .catch((cause: unknown) => {
        throw new NoAnswer(app, cause instanceof Error ? cause.message : String(cause), cause);
      });
    if (answer.status >= 500) throw new NoAnswer(app, `${answer.status} ${answer.text.slice(0, 200)}`);
    if (isSidecarError(answer.text)) throw new NoAnswer(app, answer.text.slice(0, 200));
    return { status: answer.status, body: bodyOf(app, answer.text) };
  },
});

/**
 * The body of the one answer that was agreed on.
 * @throws NoAnswer for any other: one that cannot be understood tells nothing of what was done
 */
export function understood<T>(app: string, answer: Answer, status: number, schema: z.ZodType<T>): T {
  if (answer.status !== status) throw new NoAnswer(app, `answered ${answer.status}`);
  const parsed = schema.safeParse(answer.body);
  if (!parsed.success) throw new NoAnswer(app, `not understood: ${parsed.error.message}`, parsed.error);
  return parsed.data;
}

function bodyOf(app: string, text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NoAnswer(app, `not JSON: ${text.slice(0, 200)}`, cause);
  }
}

/** daprd's own refusals (no such app, access denied) come as `{"errorCode": "ERR_…"}`, some with a 4xx. */
const isSidecarError = (text: string): boolean => text.startsWith('{"errorCode":"ERR_');
