/** The apps of the marketplace: each runs beside a sidecar, as one entry of dapr/dapr.yaml. */
export const services = ['auth', 'tickets', 'orders', 'expiration', 'payments', 'notifications'] as const;
export const apps = [...services, 'gateway', 'backing'] as const;

export type Service = (typeof services)[number];
export type App = (typeof apps)[number];

/** Topics, each named as its pub/sub component and as its JetStream stream. */
export const topics = ['users', 'tickets', 'orders', 'charges', 'expirations'] as const;
