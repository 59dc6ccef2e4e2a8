import { emptyTicketForm, readTicketForm, ticketForm } from '../../src/listings/read-ticket-form';

const now = new Date('2027-01-01T12:00:00Z');
const zone = 'Europe/Berlin';
const typed = { title: ' Front row ', price: '$45', venue: ' Town hall ', date: '2027-05-08', time: '20:00' };
const ticket = { title: 'Front row', price: 4500, venue: 'Town hall', startsAt: '2027-05-08T18:00:00.000Z' };

const problemsOf = (change: Partial<typeof typed>) => readTicketForm({ ...typed, ...change }, zone, now);

describe('a ticket that was typed', () => {
  test('is read as the API takes it', () => expect(readTicketForm(typed, zone, now)).toEqual({ ticket }));

  test('may leave out venue, date and time', () =>
    expect(readTicketForm({ ...emptyTicketForm, title: 'Front row', price: '45' }, zone, now)).toEqual({
      ticket: { title: 'Front row', price: 4500, venue: null, startsAt: null },
    }));

  test('comes back into the form', () =>
    expect(ticketForm(ticket, zone)).toEqual({
      title: 'Front row',
      price: '45.00',
      venue: 'Town hall',
      date: '2027-05-08',
      time: '20:00',
    }));

  test.each([
    ['no title', { title: ' ' }, { title: 'Give the ticket a title.' }],
    ['a long title', { title: 'x'.repeat(201) }, { title: 'This has more than 200 characters.' }],
    ['a long venue', { venue: '𝄞'.repeat(201) }, { venue: 'This has more than 200 characters.' }],
    ['a price in words', { price: 'cheap' }, { price: 'Give dollars and cents, such as 45 or 45.50.' }],
    ['a date alone', { time: '' }, { time: 'Give the time too, or leave both empty.' }],
    ['a time alone', { date: '' }, { date: 'Give the date too, or leave both empty.' }],
    [
      'a year of six digits',
      { date: '202720-05-08' },
      { date: 'There is no such date. A year has four digits, such as 2027.' },
    ],
    [
      'an hour that clocks skip',
      { date: '2027-03-28', time: '02:30' },
      { time: 'Clocks are put forward over this time on that day. Choose another one.' },
    ],
    ['yesterday', { date: '2026-12-31' }, { date: 'This is in the past. When is the event?' }],
  ])('%s is refused beside its field', (_, change, problems) => expect(problemsOf(change)).toEqual({ problems }));

  test('all its problems are told at once', () =>
    expect(readTicketForm(emptyTicketForm, zone, now)).toEqual({
      problems: { title: expect.any(String), price: expect.any(String) },
    }));

  test('an event that has begun can be edited as long as its start is left alone', () => {
    const later = new Date('2028-01-01T00:00:00Z');
    const edited = readTicketForm({ ...typed, price: '50' }, zone, later, typed);
    expect(edited).toEqual({ ticket: { title: 'Front row', price: 5000, venue: 'Town hall' } });
    expect(readTicketForm({ ...typed, time: '21:00' }, zone, later, typed)).toEqual({
      problems: { date: 'This is in the past. When is the event?' },
    });
  });
});
