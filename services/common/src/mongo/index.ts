export * from './connect-mongo';
export * from './inbox';
export * from './outbox';
export * from './outbox-entry';
