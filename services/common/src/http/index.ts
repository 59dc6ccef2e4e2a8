export * from './create-http-app';
export * from './fields';
export * from './problem';
export * from './rate-limits';
export * from './session';
export * from './session-token';
export * from './signed-out';
export * from './validate';
