// Mails leave through the Dapr output binding `mail`. Never two at once: see post-office.ts.
import { DropEvent, type OutputBinding } from '@ticketing/common';
import type { Mail } from '../domain/mails/compose-mail';

export interface Mailer {
  /**
   * @throws DropEvent when this address will never take it
   * @throws Error when it may work later
   */
  send(address: string, mail: Mail): Promise<void>;
}

export const createMailer = (binding: OutputBinding): Mailer => ({
  async send(address, { subject, html }) {
    if (separators.test(address)) throw new DropEvent(`"${address}" is not one address`);
    try {
      await binding.send('create', html, { emailTo: address, subject });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (permanent.test(reason)) throw new DropEvent(`the mail server refuses ${address} for good: ${reason}`);
      throw error;
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
