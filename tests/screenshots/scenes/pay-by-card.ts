import type { Page } from 'playwright-core';

/** Types a card into Stripe's fields, which live in a frame of another origin. */
export async function typeCard(page: Page, number: string): Promise<void> {
  const fields = page.frameLocator('iframe[title^="Card fields"]');
  await fields.getByLabel('Card number', { exact: true }).fill(number);
  await fields.getByLabel('Expiration date', { exact: true }).fill('12 / 34');
  await fields.getByLabel('Security code', { exact: true }).fill('123');
}

export async function payByCard(page: Page, number: string): Promise<void> {
  await typeCard(page, number);
  await page.getByRole('button', { name: /^Pay / }).click();
}
