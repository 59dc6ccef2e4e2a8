export * from './actors';
export * from './app-token';
export * from './connect';
export { triesOfEvent } from './count-tries';
export * from './dapr';
export { understood } from './invoker';
export * from './on-event';
export * from './sidecar';
export * from './subscriptions';
