export * from './repeat';
export * from './run-service';
