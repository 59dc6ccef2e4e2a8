export * from './in-parallel';
export * from './repeat';
export * from './run-service';
