// Sends what the queue holds: at once what this process has queued, at intervals whatever is due.
//
// One mail at a time: the SMTP binding (components-contrib 1.16 to 1.18, bindings/smtp, mergeWithRequestMetadata) keeps
// recipient and subject of a request in a field that all requests share, so that two at once may send one person's mail
// to another. Seen: 1 in 200 with all at once.
import {
  type BackgroundWork,
  bindingTimeoutMs,
  type Clock,
  type Log,
  type Metrics,
  repeat,
  withTrace,
} from '@ticketing/common';
import type { LeasedMail, MailQueue } from '../data/mail-queue';
import { type Mailer, MailServerFailed, RefusedForGood } from '../data/mailer';
import type { Recipients } from '../data/recipients';
import { nextAttemptAt, serverPauseMs } from '../domain/next-attempt';

export interface MailSenderOptions {
  queue: Omit<MailQueue, 'add'>;
  recipients: Pick<Recipients, 'addressOf'>;
  mailer: Mailer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** From 0 up to 1. */
  random?: () => number;
}

export interface MailSender extends BackgroundWork {
  /** Sends it soon, or leaves it to a sweep. Never fails: it stays queued until it was sent. */
  announce(id: string): void;
  /** Resolves when all that was announced was tried, or left to a sweep. */
  flush(): Promise<void>;
  /** Sends what is due, whoever queued it, until nothing is or the mail server fails. */
  sweep(stopping?: AbortSignal): Promise<void>;
}

const sweepEveryMs = 5_000;
const batchSize = 100;

/** With the mail server slow, what is announced piles up: beyond this it is left to the sweeps. */
const mostInLine = 2_000;

export function mailSender(options: MailSenderOptions): MailSender {
  const { queue, recipients, mailer, clock, log, metrics, random = Math.random } = options;
  const inLine = new Set<string>();
  let sending: Promise<boolean> | undefined;
  let serverFailures = 0;
  let pausedUntilMs = 0;
  let stopped = false;
  /** Sent, but the database did not answer when that was to be noted: noted before all else, or it would go again. */
  let unnoted: LeasedMail | undefined;
  // From 0: of a series that begins with its first event, Prometheus does not see that first one.
  for (const reason of ['refused', 'too long']) metrics.workGivenUp.inc({ kind, reason }, 0);

  const isPaused = () => clock.now().getTime() < pausedUntilMs;

  const announce = (id: string): void => {
    if (stopped || isPaused() || inLine.size >= mostInLine) return;
    inLine.add(id);
    sending ??= sendInLine();
  };

  /** @returns whether it may go on */
  const sendInLine = async (): Promise<boolean> => {
    try {
      await noteUnnoted();
      for (const id of inLine) {
        if (stopped) break;
        inLine.delete(id);
        if (!(await attempt(id))) return false;
      }
      return !stopped;
    } catch (error) {
      log.warn({ err: error }, 'the queue of mails cannot be read or written; the next sweep goes on');
      return false;
    } finally {
      inLine.clear();
      sending = undefined;
    }
  };

  /** @returns false when the server failed */
  const attempt = async (id: string): Promise<boolean> => {
    const mail = await queue.take(id);
    if (!mail) return true;
    return withTrace(mail.traceparent, async () => {
      const failure = await failureOf(deliver(mail));
      if (failure === undefined) {
        serverFailures = 0;
        unnoted = mail;
        await noteUnnoted();
        return true;
      }
      if (failure instanceof MailServerFailed) pause(failure);
      await noteFailure(mail, failure);
      return !isPaused();
    });
  };

  const deliver = async ({ userId, address, mail, leaseEndsAt }: LeasedMail): Promise<void> => {
    const to = address ?? (await recipients.addressOf(userId));
    const leftMs = leaseEndsAt.getTime() - clock.now().getTime();
    if (leftMs < bindingTimeoutMs) throw new Error('too little of its lease is left to send it');
    await mailer.send(to, mail);
  };

  const noteUnnoted = async (): Promise<void> => {
    if (unnoted) await queue.noteSent(unnoted);
    unnoted = undefined;
  };

  const noteFailure = async (mail: LeasedMail, failure: Error): Promise<void> => {
    const told = { err: failure, mail: mail.id, attempts: mail.attempts };
    const lastFailure = failure.message.slice(0, mostFailureCharacters);
    const isRefused = failure instanceof RefusedForGood;
    const dueAt = isRefused ? undefined : nextAttemptAt(mail, clock.now(), random());
    if (dueAt) {
      await queue.postpone(mail, dueAt, lastFailure);
      log.info({ ...told, dueAt }, 'a mail will be tried again');
    } else if (await queue.giveUp(mail, lastFailure)) {
      metrics.workGivenUp.inc({ kind, reason: isRefused ? 'refused' : 'too long' });
      log.warn(told, 'a mail was given up');
    }
  };

  /**
   * The server has failed, and not a mail. The one that met it waits for longer than the others, so that another asks whether
   * it is back: a mail that makes it hang holds up the rest once, and not for ever.
   */
  const pause = (failure: Error): void => {
    serverFailures += 1;
    const ms = serverPauseMs(serverFailures, random());
    pausedUntilMs = clock.now().getTime() + ms;
    log.warn({ err: failure }, `no mail leaves for ${Math.round(ms)} ms`);
  };

  const sweep = async (stopping?: AbortSignal): Promise<void> => {
    do {
      await measure();
      if (stopping?.aborted || isPaused()) return;
      const due = await queue.due(batchSize);
      if (due.length === 0 && !unnoted) return;
      for (const id of due) inLine.add(id);
      sending ??= sendInLine();
    } while (await sending);
  };

  const measure = async (): Promise<void> => {
    const { count, oldestQueuedAt } = await queue.waiting();
    metrics.workWaiting.set({ kind }, count);
    const waitedMs = oldestQueuedAt ? clock.now().getTime() - oldestQueuedAt.getTime() : 0;
    metrics.workWaitingSeconds.set({ kind }, waitedMs / 1_000);
  };

  const sweeper = repeat({ name: 'sending mails', everyMs: sweepEveryMs, work: sweep, log });
  return {
    announce,
    async flush() {
      await sending;
    },
    sweep,
    start: sweeper.start,
    async stop() {
      stopped = true;
      await sweeper.stop();
      await sending;
    },
  };
}

const kind = 'mail';
const mostFailureCharacters = 1_000;

const failureOf = (work: Promise<void>): Promise<Error | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
