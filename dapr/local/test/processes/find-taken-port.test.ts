// A port that was taken between the look and the use, in the words of those who wanted it.
import { namedPorts, portsFrom } from '../../src/ports';
import { findTakenPort } from '../../src/processes/find-taken-port';

const ports = namedPorts(portsFrom(14_000), 3000);

test.each([
  [
    'Node',
    '{"level":60,"time":1700000000000,"err":{"message":"listen EADDRINUSE: address already in use 127.0.0.1:14003"}}',
    'orders',
  ],
  [
    'daprd',
    'time="2026-11-21T10:00:00Z" level=fatal msg="Fatal error from runtime: failed to start internal gRPC server: could not listen on any endpoint: listen tcp 127.0.0.1:14033: bind: address already in use" ver=1.18.2',
    'the sidecar of orders (internal gRPC)',
  ],
  ['the CLI', 'invalid configuration for HTTPPort. Port 14013 is not available', 'the sidecar of orders (HTTP)'],
  [
    'Redis',
    '# Warning: Could not create server TCP listening socket 127.0.0.1:14050: bind: Address already in use',
    'Redis',
  ],
])('%s says it in the end of many lines', (_who, line, purpose) => {
  const lines = [...Array.from({ length: 13 }, (_, index) => `  starting 14003 ${index}`), `  ${line}`];
  expect(findTakenPort(lines.join('\n'), ports)?.purpose).toBe(purpose);
});

test.each([
  ['another reason', 'Error: connect ECONNREFUSED 127.0.0.1:14051'],
  ['no port of ours', 'listen EADDRINUSE: address already in use 127.0.0.1:9999'],
])('%s is left to be read', (_why, line) => {
  expect(findTakenPort(line, ports)).toBeUndefined();
});
