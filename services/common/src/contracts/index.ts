export * from './event-definition';
export * from './events';
export * from './make-event';
export * from './statuses';
