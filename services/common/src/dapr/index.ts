export * from './actors';
export * from './app-token';
export * from './connect';
export * from './dapr';
export * from './on-event';
export * from './sidecar';
export * from './subscriptions';
