import type { OutputBinding } from '@ticketing/common';
import { createMailer, MailServerFailed, RefusedForGood } from '../../src/data/mailer';

const mail = { subject: 'A subject', html: '<p>A text</p>' };

const refusing = (reason: string): OutputBinding => ({
  send: async () => {
    throw new Error(reason);
  },
});

/** As the sidecar passes it on. */
const fromSidecar = (reason: string) =>
  `{"error":"Internal Server Error","error_msg":"{\\"errorCode\\":\\"ERR_INVOKE_OUTPUT_BINDING\\",\\"message\\":\\"error invoking output binding mail: error from smtp binding, sending email failed: ${reason}\\"}","status":500}`;

describe('sending a mail', () => {
  test('When a mail is sent, then the binding gets what it takes', async () => {
    const sent: unknown[] = [];
    const mailer = createMailer({ send: async (...given) => void sent.push(given) });

    await mailer.send('ada@example.com', mail);

    expect(sent).toEqual([['create', '<p>A text</p>', { emailTo: 'ada@example.com', subject: 'A subject' }]]);
  });

  test.each([
    'gomail: could not send email 1: 550 "no such mailbox"',
    'gomail: could not send email 1: 553 5.1.3 The recipient address is not valid',
    'gomail: could not send email 1: 501 5.1.3 Bad recipient address syntax',
    'gomail: could not send email 1: gomail: invalid address "x": mail: no angle-addr',
  ])('When the server says %s, then this address will never take it', async (reason) => {
    await expect(createMailer(refusing(fromSidecar(reason))).send('x@example.com', mail)).rejects.toThrow(
      RefusedForGood,
    );
  });

  test.each([
    'gomail: could not send email 1: 450 4.2.1 The mailbox is busy',
    'gomail: could not send email 1: 451 "try later"',
    'gomail: could not send email 1: 452 4.2.2 The mailbox is full',
    'SES binding error. Sending email failed: operation error SES: SendEmail, https response error StatusCode: 400, MessageRejected: Email address is not verified.',
    'SES binding error. Sending email failed: operation error SES: SendEmail, https response error StatusCode: 400, api error InvalidParameterValue: Missing final domain',
  ])('When the server says %s, then this mail may go later', async (reason) => {
    const failure = await createMailer(refusing(fromSidecar(reason)))
      .send('x@example.com', mail)
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(RefusedForGood);
    expect(failure).not.toBeInstanceOf(MailServerFailed);
  });

  test.each([
    'gomail: could not send email 1: 421 4.7.0 Too many connections',
    'gomail: could not send email 1: 454 4.7.0 Throttling failure: Maximum sending rate exceeded',
    'gomail: could not send email 1: 530 5.7.0 Authentication required',
    'gomail: could not send email 1: EOF',
    '535 5.7.8 Authentication credentials invalid',
    'dial tcp 127.0.0.1:550: connect: connection refused',
    'dial tcp 127.0.0.1:451: connect: connection refused',
    'EOF',
    'binding mail: no answer from the sidecar within 9000 ms',
    'SES binding error. Sending email failed: operation error SES: SendEmail, api error Throttling: Maximum sending rate exceeded.',
  ])('When it is said that %s, then it is the server that failed', async (reason) => {
    await expect(createMailer(refusing(fromSidecar(reason))).send('x@example.com', mail)).rejects.toThrow(
      MailServerFailed,
    );
  });

  test.each(['a@example.com;b@example.com', 'a@example.com,b@example.com', 'a@example.com\r\nBcc: b@example.com'])(
    'When an address is more than one (%j), then nothing is sent',
    async (address) => {
      let sent = 0;
      const mailer = createMailer({
        send: async () => {
          sent += 1;
        },
      });

      await expect(mailer.send(address, mail)).rejects.toThrow(RefusedForGood);
      expect(sent).toBe(0);
    },
  );
});
