export const dynamic = 'force-dynamic';

/** Alive: asks nobody else. */
export const GET = (): Response => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
