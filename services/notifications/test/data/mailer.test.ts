import { DropEvent, type OutputBinding } from '@ticketing/common';
import { createMailer } from '../../src/data/mailer';

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
  ])('When the server says %s, then the mail is given up', async (reason) => {
    await expect(createMailer(refusing(fromSidecar(reason))).send('x@example.com', mail)).rejects.toThrow(DropEvent);
  });

  test.each([
    'gomail: could not send email 1: 451 "try later"',
    'gomail: could not send email 1: 421 4.7.0 Too many connections',
    'gomail: could not send email 1: 530 5.7.0 Authentication required',
    '535 5.7.8 Authentication credentials invalid',
    'dial tcp 127.0.0.1:550: connect: connection refused',
    'EOF',
  ])('When the server says %s, then it is tried again', async (reason) => {
    const failure = await createMailer(refusing(fromSidecar(reason)))
      .send('x@example.com', mail)
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(DropEvent);
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

      await expect(mailer.send(address, mail)).rejects.toThrow(DropEvent);
      expect(sent).toBe(0);
    },
  );

  test('When many mails are sent at once, then the binding is never asked for two at a time, and a failure stops none', async () => {
    let atOnce = 0;
    let most = 0;
    const arrived: string[] = [];
    const mailer = createMailer({
      async send(_operation, _data, metadata) {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        if (metadata?.emailTo === '3@example.com') throw new Error('lost');
        arrived.push(metadata?.emailTo ?? '');
      },
    });

    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => mailer.send(`${index}@example.com`, mail)),
    );

    expect(most).toBe(1);
    expect(arrived).toHaveLength(9);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  /** The fault of the SMTP binding: what a request says is merged into one field of all requests, then read from it. */
  const bindingThatMixesUp = () => {
    const shared: { to?: string | undefined } = {};
    const mixedUp: string[] = [];
    const binding: OutputBinding = {
      async send(_operation, data, metadata) {
        shared.to = metadata?.emailTo;
        await new Promise((resolve) => setImmediate(resolve));
        if (shared.to !== data) mixedUp.push(`${data} went to ${shared.to}`);
      },
    };
    return { binding, mixedUp };
  };
  const addresses = ['ada@example.com', 'grace@example.com', 'edith@example.com'];

  test('When mails are sent at once through a binding that mixes them up, then each still goes to its own address', async () => {
    const { binding, mixedUp } = bindingThatMixesUp();
    const mailer = createMailer(binding);

    await Promise.all(addresses.map((address) => mailer.send(address, { subject: 'x', html: address })));

    expect(mixedUp).toEqual([]);
  });

  test('Without taking turns, mails would go to others (the fault is real)', async () => {
    const { binding, mixedUp } = bindingThatMixesUp();

    await Promise.all(addresses.map((address) => binding.send('create', address, { emailTo: address, subject: 'x' })));

    expect(mixedUp).not.toEqual([]);
  });
});
