import type { Inbox } from '@ticketing/common';
import type { Mail } from '../domain/mails/compose-mail';
import type { Mailer } from './mailer';
import type { Recipients } from './recipients';

/**
 * A pending mail older than this was left by a crash. Shorter than the brokers' redelivery (30 s): the event that comes
 * again then finds it free, instead of trying in vain until it is a dead letter.
 */
export const takenOverAfterMs = 25_000;

/**
 * Sends a mail to a user, once for each `name`, however often it is asked for.
 * @param name what it is about, such as `ticket-bought:ORDER`
 * @throws DropEvent when the address will never take it, Error when it may work later
 */
export type Post = (name: string, userId: string, mail: Mail) => Promise<void>;

export const postOffice =
  ({ inbox, recipients, mailer }: { inbox: Inbox; recipients: Recipients; mailer: Mailer }): Post =>
  (name, userId, mail) =>
    inbox.once(`${name}:${userId}`, async () => mailer.send(await recipients.addressOf(userId), mail));
