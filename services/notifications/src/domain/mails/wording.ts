// How amounts, moments and addresses of pages are written in mails.

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export const amountText = (cents: number): string => dollars.format(cents / 100);
export const momentText = (moment: Date): string => `${moments.format(moment)} UTC`;

/** @param publicUrl without a slash at its end */
export const pageUrls = (publicUrl: string) => ({
  start: `${publicUrl}/`,
  ticket: (id: string) => `${publicUrl}/tickets/${encodeURIComponent(id)}`,
  order: (id: string) => `${publicUrl}/orders/${encodeURIComponent(id)}`,
});
export type PageUrls = ReturnType<typeof pageUrls>;
