import { exampleEvent } from '@ticketing/common/testing';
import fc from 'fast-check';
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
          expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
          expect([...subject].length).toBeGreaterThan(0);
          expect([...subject].length).toBeLessThanOrEqual(120);
        }
      }),
    );
  });

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

test('When a mail is shown as text, then each fact still reads as label and value', () => {
  const { html } = ticketSold(exampleEvent('OrderCompleted').data, when, pages);
  const text = html.replace(/<[^>]*>/g, '').replaceAll('&nbsp;', ' ');
  expect(text).toContain('Event: Ada and the Engines, Friday');
  expect(text).toContain('Venue: Analytical Hall, London');
  expect(text).toContain('Date: Friday, 11 December 2026 at 19:30 UTC');
  expect(text).toContain('Price: $45.00');
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

  test('When an id has characters of its own in addresses, then the link still leads to it', () => {
    expect(pages.order('a/b?c')).toBe('https://tickets.example.com/orders/a%2Fb%3Fc');
  });
});
