import { randomUUID } from 'node:crypto';
import { simpleParser } from 'mailparser';
import type { SMTPServer, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { MailFaults } from './mail-faults';
import type { Mailbox } from './mailbox';
import { type Envelope, toMessage } from './message';
import { PromptSmtpServer } from './prompt-smtp-server';
import { smtpRefusal } from './smtp-refusal';

const largestBytes = 25 * 1024 * 1024;

/** An SMTP server without TLS and log-in, for this machine only: a mail is answered 250 once it is kept. */
export function createSmtpServer(mailbox: Mailbox, faults: MailFaults): SMTPServer {
  return new PromptSmtpServer({
    banner: 'mail catcher',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: largestBytes,
    onMailFrom: (_address, _session, done) => done(faults.takeRefusal()),
    onData: (stream, session, done) => {
      keep(stream, session, mailbox).then(() => done(), done);
    },
  });
}

async function keep(stream: SMTPServerDataStream, session: SMTPServerSession, mailbox: Mailbox): Promise<void> {
  const mail = await simpleParser(stream);
  if (stream.sizeExceeded) throw smtpRefusal(552, 'The mail is too large.');
  await mailbox.add(toMessage(mail, envelopeOf(session), randomUUID(), new Date()));
}

const envelopeOf = ({ envelope: { mailFrom, rcptTo } }: SMTPServerSession): Envelope => ({
  from: mailFrom === false ? '' : mailFrom.address,
  to: rcptTo.map(({ address }) => address),
});
