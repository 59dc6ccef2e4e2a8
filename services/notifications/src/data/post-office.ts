import type { Mail } from '../domain/mails/compose-mail';
import type { MailQueue } from './mail-queue';

/**
 * Notes a mail to a user, to be sent once for each `name`, however often it is asked for. It is sent by and by
 * (send/mail-sender.ts).
 * @param name what it is about, such as `ticket-bought:ORDER`
 * @param address where to; the user's own, as it is known when it is sent, when not given
 * @throws Error when it could not be noted: ask again later
 */
export type Post = (name: string, userId: string, mail: Mail, address?: string) => Promise<void>;

interface PostOffice {
  queue: Pick<MailQueue, 'add'>;
  /** Has it sent at once. */
  announce(id: string): void;
}

export const postOffice =
  ({ queue, announce }: PostOffice): Post =>
  async (name, userId, mail, address) => {
    const id = `${name}:${userId}`;
    if (await queue.add({ id, userId, mail, ...(address === undefined ? {} : { address }) })) announce(id);
  };
