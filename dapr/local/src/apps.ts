/** The apps of the marketplace: each runs beside a sidecar, as one entry of dapr/dapr.yaml. */
export const services = ['auth', 'tickets', 'orders', 'expiration', 'payments', 'notifications'] as const;
/** Those that answer requests, and say at /readyz whether they can. */
export const servers = [...services, 'web'] as const;
/** Their order decides their ports. */
export const apps = [...services, 'gateway', 'backing', 'web'] as const;

export type Service = (typeof services)[number];
export type ServerApp = (typeof servers)[number];
export type App = (typeof apps)[number];

/** Topics, each named as its pub/sub component and as its JetStream stream. */
export const topics = ['users', 'tickets', 'orders', 'charges', 'expirations'] as const;
