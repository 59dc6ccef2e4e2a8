// Mails leave through the Dapr output binding `mail`. Never two at once: see send/mail-sender.ts.
import type { OutputBinding } from '@ticketing/common';
import type { Mail } from '../domain/mails/compose-mail';

export interface Mailer {
  /**
   * @throws RefusedForGood when this address will never take it
   * @throws MailServerFailed when the server, not this mail, is what failed: another would fail, too
   * @throws Error when this mail was not taken, and may be later
   */
  send(address: string, mail: Mail): Promise<void>;
}

export class RefusedForGood extends Error {}

export class MailServerFailed extends Error {}

export const createMailer = (binding: OutputBinding): Mailer => ({
  async send(address, { subject, html }) {
    if (separators.test(address)) throw new RefusedForGood(`"${address}" is not one address`);
    try {
      await binding.send('create', html, { emailTo: address, subject });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (permanent.test(reason)) throw new RefusedForGood(`refused for good: ${reason}`, { cause });
      if (aboutThisMail.test(reason)) throw new Error(`not taken now: ${reason}`, { cause });
      throw new MailServerFailed(`the mail server failed: ${reason}`, { cause });
    }
  },
});

/** The binding splits `emailTo` at semicolons. */
const separators = /[;,\s]/;

/**
 * How gomail, inside the binding, tells that a recipient was refused: SMTP replies 501, 51x and 55x are about the
 * mailbox (RFC 5321, 4.2.3); other 5xx are about us (authentication, commands) and heal when the operator mends them.
 */
const permanent = /could not send email \d+: (5(01|1\d|5\d)\b|gomail: invalid address)/;

/**
 * Replies 450, 451 and 452 are about a mailbox, or a sender that it does not know yet (greylisting); 421 and 454 are about
 * the server. Amazon SES names what it finds wrong with a mail; it counts as no final refusal (docs/decisions/0018).
 */
const aboutThisMail = /could not send email \d+: 45[012]\b|\b(MessageRejected|InvalidParameterValue)\b/;
