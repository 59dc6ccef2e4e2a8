// How names, amounts, moments and addresses of pages are written in mails.
import type { EventData } from '@ticketing/common';

/** What people know the marketplace by. The sender's name is the same, and stands in the component `mail`. */
export const brandName = 'Row Fifteen';

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const inUtc = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
const weekday = inUtc({ weekday: 'long' });
const day = inUtc({ dateStyle: 'long' });
const time = inUtc({ timeStyle: 'short' });

export const amountText = (cents: number): string => dollars.format(cents / 100);
/** In words, with the zone: nobody knows where the reader is. */
export const momentText = (moment: Date): string =>
  `${weekday.format(moment)}, ${day.format(moment)} at ${time.format(moment)} UTC`;

/** What the ticket is for, as facts of a mail: event, and venue and date where the seller said so. */
export const eventFacts = ({ title, venue, startsAt }: EventData<'OrderCreated'>['ticket']): [string, string][] => [
  ['Event', title],
  ...(venue ? [['Venue', venue] as [string, string]] : []),
  ...(startsAt ? [['Date', momentText(new Date(startsAt))] as [string, string]] : []),
];

/** @param publicUrl without a slash at its end */
export const pageUrls = (publicUrl: string) => ({
  start: `${publicUrl}/`,
  ticket: (id: string) => `${publicUrl}/tickets/${encodeURIComponent(id)}`,
  order: (id: string) => `${publicUrl}/orders/${encodeURIComponent(id)}`,
  /** By way of the web client, which asks people to sign in first. */
  eTicket: (orderId: string) => `${publicUrl}/orders/${encodeURIComponent(orderId)}/ticket`,
  door: `${publicUrl}/door`,
  account: `${publicUrl}/account`,
});
export type PageUrls = ReturnType<typeof pageUrls>;
