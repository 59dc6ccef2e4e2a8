import type { Ticket } from '@/api/types';
import { instantOf, isDate, localTimeOf } from './local-event-time';
import { parsePrice, priceText } from './parse-price';

/** What a seller typed, letter for letter. */
export interface TicketForm {
  title: string;
  price: string;
  venue: string;
  date: string;
  time: string;
}

export type TicketField = keyof TicketForm;

/** A ticket as the API takes it. */
export interface TicketFields {
  title: string;
  /** Cents. */
  price: number;
  venue: string | null;
  /** RFC 3339. */
  startsAt: string | null;
}

/** What is sent of it; without `startsAt` that stays as it is. */
export type SentTicket = Omit<TicketFields, 'startsAt'> & Partial<Pick<TicketFields, 'startsAt'>>;

export type ReadTicket = { ticket: SentTicket } | { problems: Partial<Record<TicketField, string>> };

/** The API's limit of title and venue, in characters. */
const longestText = 200;

/**
 * The ticket that was typed, or what is wrong with each field. `zone` is the seller's, `now` only tells the past.
 * `before` is what the form began with, when it edits: an event's start that was left alone is not judged again, since
 * it may have passed.
 */
export function readTicketForm(form: TicketForm, zone: string, now: Date, before?: TicketForm): ReadTicket {
  const title = form.title.trim();
  const venue = form.venue.trim();
  const price = parsePrice(form.price);
  const sameStart = before?.date === form.date && before.time === form.time;
  const start: Start = sameStart ? {} : readStart(form, zone, now);
  const problems = {
    ...(title === '' ? { title: 'Give the ticket a title.' } : tooLong('title', title)),
    ...('problem' in price ? { price: price.problem } : {}),
    ...tooLong('venue', venue),
    ...('problems' in start ? start.problems : {}),
  };
  if ('problem' in price || 'problems' in start || Object.keys(problems).length > 0) return { problems };
  return { ticket: { title, price: price.priceCents, venue: venue || null, ...start } };
}

export const emptyTicketForm: TicketForm = { title: '', price: '', venue: '', date: '', time: '' };

/** A ticket as it stands in the form. */
export const ticketForm = (
  ticket: Pick<Ticket, 'title' | 'price' | 'venue' | 'startsAt'>,
  zone: string,
): TicketForm => ({
  title: ticket.title,
  price: priceText(ticket.price),
  venue: ticket.venue ?? '',
  ...(ticket.startsAt ? localTimeOf(ticket.startsAt, zone) : { date: '', time: '' }),
});

/** The field of the form that a field of the API is typed into. */
export const fieldOfForm = (apiField: string): TicketField | undefined =>
  apiField === 'startsAt' ? 'date' : (['title', 'price', 'venue'] as const).find((field) => field === apiField);

const tooLong = (field: 'title' | 'venue', text: string) =>
  [...text].length > longestText ? { [field]: `This has more than ${longestText} characters.` } : {};

type Start = Pick<SentTicket, 'startsAt'> | { problems: Partial<Record<TicketField, string>> };

function readStart({ date, time }: TicketForm, zone: string, now: Date): Start {
  if (date === '' && time === '') return { startsAt: null };
  if (date === '') return { problems: { date: 'Give the date too, or leave both empty.' } };
  if (!isDate(date)) return { problems: { date: 'There is no such date. A year has four digits, such as 2027.' } };
  if (time === '') return { problems: { time: 'Give the time too, or leave both empty.' } };
  const start = instantOf({ date, time }, zone);
  if (!start) return { problems: { time: 'Clocks are put forward over this time on that day. Choose another one.' } };
  if (start <= now) return { problems: { date: 'This is in the past. When is the event?' } };
  return { startsAt: start.toISOString() };
}
