// The operator's program: `node dist/mails.js [--again=ID|all]` where MONGO_URL is that of notifications, for instance in
// its container.
import { parseArgs } from 'node:util';
import { connectMongo, runCommand, systemClock } from '@ticketing/common';
import type { Connection } from 'mongoose';
import { mailModel } from './data/mail-queue';
import { describeMails } from './operate/describe-mails';
import { listGivenUp, listWaiting, queueAgain } from './operate/list-mails';

const usage = `Lists the mails that wait to be sent, and those that were given up.

Usage: node dist/mails.js [--again=ID|all]

  --again=ID    queue a mail that was given up again, by the id that the list shows; or all of them

The running service sends what is queued within seconds.

Environment: MONGO_URL (that of notifications).
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { again: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return say(usage, 0);
  const url = process.env.MONGO_URL;
  if (!url) throw new Error('MONGO_URL is not set: name the MongoDB of the notifications service.');
  const connection = await connectMongo(url, 'ticketing_notifications');
  try {
    return values.again === undefined ? await list(connection) : await again(connection, values.again);
  } finally {
    await connection.close();
  }
}

async function list(connection: Connection): Promise<number> {
  const model = mailModel(connection);
  return say(`${describeMails(await listWaiting(model), await listGivenUp(model))}\n`, 0);
}

async function again(connection: Connection, which: string): Promise<number> {
  const count = await queueAgain(mailModel(connection), systemClock, which === 'all' ? undefined : which);
  if (count === 0 && which !== 'all') return say(`No mail ${which} was given up.\n`, 1);
  return say(`Queued again: ${count}.\n`, 0);
}

function say(text: string, exitCode: number): number {
  process.stdout.write(text);
  return exitCode;
}

runCommand(main());
