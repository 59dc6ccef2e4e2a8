export * from './event-definition';
export * from './events';
export * from './flow';
export * from './hidden-characters';
export * from './http';
export * from './internal';
export * from './make-event';
export * from './statuses';
