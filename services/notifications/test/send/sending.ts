// A sender, or several beside each other as replicas have them, on a queue of their own, with a mail server that the test
// answers for.
import { createMetrics, ensureIndexes, type Metrics, type OutputBinding, silentLog } from '@ticketing/common';
import { type TestDatabase, testDatabase, type VirtualClock, virtualClock } from '@ticketing/common/testing';
import { type MailQueue, mailModel, mailQueueIn, type QueuedMail } from '../../src/data/mail-queue';
import { createMailer } from '../../src/data/mailer';
import { type Post, postOffice } from '../../src/data/post-office';
import type { Recipients } from '../../src/data/recipients';
import { type MailSender, mailSender } from '../../src/send/mail-sender';

export const mail = { subject: 'A subject', html: '<p>A text</p>' };

/** Every user's address, unless the test says otherwise. */
export const knownRecipients: Pick<Recipients, 'addressOf'> = {
  addressOf: async (userId) => `${userId}@example.com`,
};

export const greylisted = 'gomail: could not send email 1: 451 "greylisted, try later"';
export const refused = 'gomail: could not send email 1: 550 "no such mailbox"';
export const away = 'dial tcp 127.0.0.1:1025: connect: connection refused';

export interface MailServer extends OutputBinding {
  /** What it says to an address, in gomail's words; nothing when it takes the mail. */
  answer: (address: string) => string | undefined;
  /** Addresses of mails that it was asked to take, and of those it took. */
  readonly asked: string[];
  readonly took: string[];
}

export function mailServer(): MailServer {
  const server: MailServer = {
    answer: () => undefined,
    asked: [],
    took: [],
    async send(_operation, _data, metadata) {
      const address = metadata?.emailTo ?? '';
      server.asked.push(address);
      const refusal = server.answer(address);
      if (refusal) throw new Error(refusal);
      server.took.push(address);
    },
  };
  return server;
}

export interface Replica {
  queue: MailQueue;
  sender: MailSender;
  metrics: Metrics;
  post: Post;
}

export interface ReplicaOptions {
  binding: OutputBinding;
  recipients?: Pick<Recipients, 'addressOf'>;
  queue?: MailQueue;
}

export interface Sending {
  clock: VirtualClock;
  database: TestDatabase;
  replica(options: ReplicaOptions): Replica;
  /** What the queue has of a mail. */
  stored(id: string): Promise<QueuedMail | null>;
}

/** One queue for the tests of a file, emptied before each; no sender outlives its test, or it would send for the next. */
export function sharedSending(): Sending {
  let clock: VirtualClock;
  let database: TestDatabase;
  const senders: MailSender[] = [];
  beforeAll(async () => {
    database = await testDatabase();
    mailModel(database.connection);
    await ensureIndexes(database.connection);
  });
  beforeEach(async () => {
    clock = virtualClock();
    await database.clear();
  });
  afterEach(() => Promise.all(senders.splice(0).map((sender) => sender.stop())));
  afterAll(() => database.close());
  const model = () => mailModel(database.connection);
  return {
    get clock() {
      return clock;
    },
    get database() {
      return database;
    },
    stored: (id) => model().findById(id).lean(),
    replica({ binding, recipients = knownRecipients, queue = mailQueueIn(model(), clock) }) {
      const metrics = createMetrics('notifications');
      const mailer = createMailer(binding);
      const sender = mailSender({ queue, recipients, mailer, clock, log: silentLog, metrics, random: () => 0.5 });
      senders.push(sender);
      return { queue, sender, metrics, post: postOffice({ queue, announce: sender.announce }) };
    },
  };
}
