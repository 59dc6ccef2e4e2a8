export * from './in-parallel';
export * from './repeat';
export * from './run-command';
export * from './run-service';
