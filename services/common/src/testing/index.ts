// What tests of services stand on: time that the test moves, a database of their own, and a Dapr in this process that
// delivers at least once, in any order, as often as the test asks for. Shipped code never imports this folder.
export * from './command-counter';
export * from './door-to-mongo';
export * from './example-event';
export * from './in-process/faults';
export * from './in-process-dapr';
export * from './limiter-by-clock';
export * from './seeded-random';
export * from './session-cookie';
export * from './start-records';
export * from './test-database';
export * from './virtual-clock';
export * from './wait-until';
