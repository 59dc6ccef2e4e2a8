import type { QueuedMail } from '../data/mail-queue';
import type { MailList } from './list-mails';

export function describeMails(waiting: MailList, givenUp: MailList): string {
  return [
    waiting.count === 0 ? 'No mail waits.' : `${mails(waiting.count)} waiting:`,
    ...waiting.mails.map(describeWaiting),
    ...rest(waiting),
    givenUp.count === 0 ? 'No mail was given up.' : `${mails(givenUp.count)} given up:`,
    ...givenUp.mails.map(describeGivenUp),
    ...rest(givenUp),
  ].join('\n');
}

const mails = (count: number) => (count === 1 ? '1 mail' : `${count} mails`);

const rest = ({ count, mails: shown }: MailList) =>
  count > shown.length ? [`  and ${count - shown.length} more`] : [];

const describeWaiting = (mail: QueuedMail): string => {
  const next = mail.lease ? 'in hand' : `next attempt ${mail.dueAt?.toISOString()}`;
  return `  ${titleOf(mail)}, queued ${mail.queuedAt.toISOString()}, ${attemptsOf(mail)}, ${next}${failureOf(mail)}`;
};

const describeGivenUp = (mail: QueuedMail): string =>
  `  ${titleOf(mail)}, queued ${mail.queuedAt.toISOString()}, given up ${mail.settledAt?.toISOString()} after ${attemptsOf(mail)}${failureOf(mail)}`;

const titleOf = ({ _id, mail }: QueuedMail) => `${_id} "${mail?.subject}"`;
const attemptsOf = ({ attempts }: QueuedMail) => (attempts === 1 ? '1 attempt' : `${attempts} attempts`);
const failureOf = ({ lastFailure }: QueuedMail) => (lastFailure === undefined ? '' : `\n    ${lastFailure}`);
