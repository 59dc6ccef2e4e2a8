/** A simulator in a process of its own, to be killed: prints its address. */
import { startStripeSimulator } from '../../src/stripe-simulator';
import { keys } from './open-account';

void startStripeSimulator({ port: 0, ...keys, dataFile: String(process.argv[2]) }).then(({ url }) =>
  process.stdout.write(`${url}\n`),
);
