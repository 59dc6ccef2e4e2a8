// One mail at a time: the SMTP binding (components-contrib 1.16 to 1.18, bindings/smtp, mergeWithRequestMetadata) keeps
// recipient and subject of a request in a field that all requests share, so that two at once may send one person's mail
// to another. Seen: 1 in 200 with all at once.
import type { Inbox } from '@ticketing/common';
import type { Mail } from '../domain/mails/compose-mail';
import type { Mailer } from './mailer';
import type { Recipients } from './recipients';
import type { Turns } from './take-turns';

/**
 * A pending mail older than this was left by a crash. Longer than a mail can be in hand once it is noted as pending (auth
 * is asked within 5 s, the binding answers within 9), so that none is taken over while it is being sent; shorter than the
 * brokers' redelivery (60 s): the event that comes again then finds it free.
 */
export const takenOverAfterMs = 25_000;

/** Waiting and sending fit into the time for a batch of events (6 s), unless the mail server is slow. */
export const turnLimits = { waitMs: 4_000, waiting: 100 };

/**
 * Sends a mail to a user, once for each `name`, however often it is asked for.
 * @param name what it is about, such as `ticket-bought:ORDER`
 * @param address where to; the user's own, as it is known, when not given
 * @throws DropEvent when the address will never take it, Error when it may work later
 */
export type Post = (name: string, userId: string, mail: Mail, address?: string) => Promise<void>;

interface PostOffice {
  inbox: Inbox;
  recipients: Recipients;
  mailer: Mailer;
  turns: Turns;
}

/** First the turn, then the note: what waits is not yet pending, so that nobody takes it for left behind. */
export const postOffice =
  ({ inbox, recipients, mailer, turns }: PostOffice): Post =>
  (name, userId, mail, address) =>
    turns(() =>
      inbox.once(`${name}:${userId}`, async () => mailer.send(address ?? (await recipients.addressOf(userId)), mail)),
    );
