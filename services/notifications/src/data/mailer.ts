// Mails leave through the Dapr output binding `mail`, one at a time: the SMTP binding (components-contrib 1.16 to 1.18,
// bindings/smtp, mergeWithRequestMetadata) keeps recipient and subject of a request in a field that all requests share,
// so that two at once may send one person's mail to another. Seen: 1 in 200 with all at once.
import { DropEvent, type OutputBinding } from '@ticketing/common';
import type { Mail } from '../domain/mails/compose-mail';

export interface Mailer {
  /**
   * @throws DropEvent when this address will never take it
   * @throws Error when it may work later
   */
  send(address: string, mail: Mail): Promise<void>;
}

export function createMailer(binding: OutputBinding): Mailer {
  let previous: Promise<unknown> = Promise.resolve();
  return {
    send(address, mail) {
      const sent = previous.then(() => sendOne(binding, address, mail));
      previous = sent.catch(() => undefined);
      return sent;
    },
  };
}

async function sendOne(binding: OutputBinding, address: string, { subject, html }: Mail): Promise<void> {
  if (separators.test(address)) throw new DropEvent(`"${address}" is not one address`);
  try {
    await binding.send('create', html, { emailTo: address, subject });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (permanent.test(reason)) throw new DropEvent(`the mail server refuses ${address} for good: ${reason}`);
    throw error;
  }
}

/** The binding splits `emailTo` at semicolons. */
const separators = /[;,\s]/;

/**
 * How gomail, inside the binding, tells that a recipient was refused: SMTP replies 501, 51x and 55x are about the
 * mailbox (RFC 5321, 4.2.3); other 5xx are about us (authentication, commands) and heal when the operator mends them.
 */
const permanent = /could not send email \d+: (5(01|1\d|5\d)\b|gomail: invalid address)/;
