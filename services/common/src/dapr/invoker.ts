import { type Invoker, NoAnswer } from './dapr';
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
    return { status: answer.status, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
  },
});

/** daprd's own refusals (no such app, access denied) come as `{"errorCode": "ERR_…"}`, some with a 4xx. */
const isSidecarError = (text: string): boolean => text.startsWith('{"errorCode":"ERR_');
