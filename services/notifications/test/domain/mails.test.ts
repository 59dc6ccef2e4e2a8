import { hiddenCharacter } from '@ticketing/common';
import { exampleEvent } from '@ticketing/common/testing';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { accountChanged } from '../../src/domain/mails/account-changed';
import { addressTaken } from '../../src/domain/mails/address-taken';
import { chargeRefunded } from '../../src/domain/mails/charge-refunded';
import { composeMail, type Mail } from '../../src/domain/mails/compose-mail';
import { holdExpired } from '../../src/domain/mails/hold-expired';
import { paymentFailed } from '../../src/domain/mails/payment-failed';
import { paymentVoided } from '../../src/domain/mails/payment-voided';
import { ticketBought } from '../../src/domain/mails/ticket-bought';
import { ticketSold } from '../../src/domain/mails/ticket-sold';
import { welcome } from '../../src/domain/mails/welcome';
import { amountText, eventFacts, momentText, pageUrls } from '../../src/domain/mails/wording';

const pages = pageUrls('https://tickets.example.com');
const when = new Date('2026-11-21T18:05:00Z');

/** Every mail, with `text` wherever people's input can get into it. */
const mailsWith = (text: string): [string, Mail][] => {
  const ticket = {
    id: text,
    title: text,
    venue: text || 'x',
    startsAt: '2026-12-11T19:30:00.000Z',
    sellerId: 'seller',
  };
  const charge = { id: text, orderId: text };
  return [
    ['welcome', welcome(text, pages)],
    ['account changed', accountChanged(exampleEvent('UserUpdated', { email: text }).data, when, pages)],
    ['address taken', addressTaken(exampleEvent('UserUpdated', { email: text }).data, pages)],
    ['ticket bought', ticketBought(exampleEvent('OrderCompleted', { id: text, ticket }).data, when, pages)],
    ['ticket sold', ticketSold(exampleEvent('OrderCompleted', { id: text, ticket }).data, when, pages)],
    ['hold expired', holdExpired(exampleEvent('OrderCancelled', { id: text, ticket }).data, pages)],
    ['payment failed', paymentFailed(exampleEvent('OrderCancelled', { id: text, ticket }).data, pages)],
    ['payment voided', paymentVoided(exampleEvent('ChargeFailed', charge).data, pages)],
    ['charge refunded', chargeRefunded(exampleEvent('ChargeRefunded', charge).data, pages)],
  ];
};

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());

describe('every mail', () => {
  test('When a title is markup, then no mail has it as markup', () => {
    const attack = `"><script>alert('x')</script><img src=x onerror="alert(1)">`;
    for (const [, { html }] of mailsWith(attack)) {
      expect(html).not.toMatch(/<script|<img/);
    }
  });

  test('When people write anything, then the tags of a mail are never other ones', () => {
    const tagsOf = ({ html }: Mail) => html.replace(/ href="[^"<>]*"/g, '').match(/<[^>]*>/g);
    const plain = mailsWith('text').map(([, mail]) => tagsOf(mail));
    fc.assert(
      fc.property(anyText, (text) => {
        expect(mailsWith(text).map(([, mail]) => tagsOf(mail))).toEqual(plain);
      }),
    );
  });

  test('When people write anything, then a subject is never more than one short, visible line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const [, { subject }] of mailsWith(text)) {
          expect(subject).not.toMatch(hiddenCharacter);
          expect([...subject].length).toBeGreaterThan(0);
          expect([...subject].length).toBeLessThanOrEqual(120);
        }
      }),
    );
  });

  test.each(['\u061c', '\u180e', '\ue000', '\u200b', '\u202e', '\ufeff', '\u0000'])(
    'When %j is in a title, which no seller may write there, then it does not get into a subject either',
    (character) => {
      const { subject } = composeMail({ subject: `Sold: a${character}b`, heading: 'x', paragraphs: [] });
      expect(subject).toBe('Sold: a b');
    },
  );

  test('When a title tries to add headers, then it stays in the subject', () => {
    const mail = composeMail({ subject: 'Sold: x\r\nBcc: all@example.com\n\nHello', heading: 'x', paragraphs: [] });

    expect(mail.subject).toBe('Sold: x Bcc: all@example.com Hello');
  });

  test.each(mailsWith('The Engines').map(([name, mail]) => ({ name, ...mail })))(
    'When the $name mail is opened, then it stands by itself and leads back',
    ({ html }) => {
      expect(html).toMatch(/^<!doctype html>/);
      expect(html).toContain('<meta charset="utf-8">');
      expect(html.match(/<table/g)?.length).toBe(html.match(/<\/table>/g)?.length);
      expect(html).toContain('href="https://tickets.example.com/');
      expect(html).not.toMatch(/<(link|style|script|img)/);
    },
  );
});

/** As a mail program shows it that shows no HTML. */
const asText = async ({ html }: Mail): Promise<string> =>
  (await simpleParser(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`)).text ?? '';

describe('a mail shown as plain text', () => {
  test('has each fact as label and value, a line each', async () => {
    const text = (await asText(ticketSold(exampleEvent('OrderCompleted').data, when, pages))).replaceAll('\u00a0', ' ');
    const lines = text.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
    for (const line of [
      'Event: Ada and the Engines, Friday',
      'Venue: Analytical Hall, London',
      'Date: Friday, 11 December 2026 at 19:30 UTC',
      'Price: $45.00',
    ])
      expect(lines.filter((found) => found === line)).toHaveLength(1);
  });

  test.each(mailsWith('The Engines'))(
    '%s spells out where its links lead, and has no markup left',
    async (_name, mail) => {
      const text = await asText(mail);
      const addresses = [...mail.html.matchAll(/href="([^"]+)"/g)].map(([, address = '']) => address);
      expect(addresses.length).toBeGreaterThan(0);
      for (const address of addresses) expect(text.split(/\s+/)).toContain(address);
      expect(text).not.toMatch(/[<>{}]|style=|&\w+;/);
      expect(Math.max(...text.split('\n\n').map((paragraph) => paragraph.length))).toBeLessThan(400);
    },
  );
});

describe('wording', () => {
  test.each([
    [50, '$0.50'],
    [4_500, '$45.00'],
    [99_999_999, '$999,999.99'],
  ])('When the amount is %i cents, then it reads %s', (cents, text) => {
    expect(amountText(cents)).toBe(text);
  });

  test('When a moment is told, then its zone is told with it', () => {
    expect(momentText(when)).toBe('Saturday, 21 November 2026 at 18:05 UTC');
  });

  test('When the seller did not say where and when, then a mail does not either', () => {
    expect(eventFacts({ id: 't', title: 'Ada', sellerId: 's' })).toEqual([['Event', 'Ada']]);
  });

  test('When somebody bought, then they are led to their e-ticket by a page that asks them to sign in', () => {
    expect(pages.eTicket('o1')).toBe('https://tickets.example.com/orders/o1/ticket');
  });

  test('When an id has characters of its own in addresses, then the link still leads to it', () => {
    expect(pages.order('a/b?c')).toBe('https://tickets.example.com/orders/a%2Fb%3Fc');
  });
});
