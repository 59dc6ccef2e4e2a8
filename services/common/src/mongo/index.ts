export * from './collection-of';
export * from './connect-mongo';
export * from './connect-records';
export * from './outbox';
export * from './outbox-entry';
