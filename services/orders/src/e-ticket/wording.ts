// How amounts and moments are written on an e-ticket.

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

export const amountText = (cents: number): string => dollars.format(cents / 100);

/** @param zone IANA name */
export const dayText = (moment: Date, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zone,
  }).format(moment);

/** With the offset, or its name where it has one: a time without its zone is a guess. */
export const timeText = (moment: Date, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: zone,
  }).format(moment);

export const shortDayText = (moment: Date, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: zone }).format(moment);

/** Whether dates can be told in it. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
