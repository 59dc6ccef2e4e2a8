export * from './connect-e-ticket-keys';
export * from './e-ticket-code';
