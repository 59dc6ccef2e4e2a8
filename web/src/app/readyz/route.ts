import { readConfiguration } from '@/server/configuration';

export const dynamic = 'force-dynamic';

/** Ready once its sidecar is; pages live through a service that is down, so those are not asked. */
export async function GET(): Promise<Response> {
  const { daprHttpPort } = readConfiguration();
  const ready = !daprHttpPort || (await sidecarAnswers(daprHttpPort));
  return Response.json(
    { status: ready ? 'ok' : 'the sidecar does not answer' },
    { status: ready ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}

async function sidecarAnswers(port: string): Promise<boolean> {
  try {
    const address = `http://127.0.0.1:${port}/v1.0/healthz/outbound`;
    return (await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
