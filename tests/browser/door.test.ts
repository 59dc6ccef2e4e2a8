// The e-ticket, from the buyer's order to the seller's door, as both see it in their browsers.
import { toBuffer } from 'qrcode';
import { scanPdf } from '../../services/orders/test/e-ticket/read-pdf';
import { faultsOf, overflowOf } from './axe';
import { type Marketplace, openMarketplace, type Person } from './open-marketplace';
import { bought, cards, list, pay, startBuying } from './steps';

jest.setTimeout(120_000);

describe('At the door', () => {
  let marketplace: Marketplace;
  let seller: Person;
  let buyer: Person;
  let orderId: string;
  let code: string;

  beforeAll(async () => {
    marketplace = await openMarketplace();
    const phone = { viewport: { width: 375, height: 740 }, hasTouch: true };
    [seller, buyer] = await Promise.all([
      marketplace.person('seller', phone),
      marketplace.person('buyer', { timezoneId: 'Asia/Tokyo' }),
    ]);
    orderId = await startBuying(buyer.page, await list(seller, 'Ada at the door'));
    await pay(buyer.page, cards.approved);
    await bought(buyer.page).waitFor();
  });
  afterAll(async () => {
    await marketplace?.everybodyLeaves();
    await marketplace?.close();
  });

  const verdict = (title: string) => seller.page.getByRole('status').getByRole('heading', { name: title }).waitFor();
  const field = () => seller.page.getByLabel('Code of the e-ticket');
  const isFocused = (locator: ReturnType<typeof field>) => locator.and(seller.page.locator(':focus')).waitFor();

  test('When the buyer has paid, then the order leads to an e-ticket with dates of their own zone', async () => {
    const href = await buyer.page.getByRole('link', { name: 'E-ticket (PDF)' }).getAttribute('href');
    expect(href).toBe(`/api/orders/${orderId}/ticket?zone=Asia%2FTokyo`);
    const reply = await buyer.context.request.get(href ?? '');
    expect([reply.status(), reply.headers()['content-type']]).toEqual([200, 'application/pdf']);
    code = scanPdf(await reply.body());
    await buyer.page.goto('/orders');
    await buyer.page.getByRole('link', { name: 'E-ticket of Ada at the door (PDF)' }).waitFor();
  });

  test('When the link in the mail is followed, then strangers sign in first, and the buyer gets the file', async () => {
    const link = `/orders/${orderId}/ticket`;
    const stranger = await marketplace.stranger();
    await stranger.page.goto(link);
    expect(new URL(stranger.page.url()).searchParams.get('next')).toBe(link);
    const reply = await buyer.context.request.get(link);
    expect(reply.headers()['content-type']).toBe('application/pdf');
  });

  test('When the seller checks it by keyboard on a phone, then one guest is let in, and the next is looked at', async () => {
    await seller.page.goto('/listings');
    await seller.page.getByRole('link', { name: 'Check e-tickets at the door' }).click();
    await seller.page.getByRole('heading', { name: 'At the door', exact: true }).waitFor();
    expect(await overflowOf(seller.page)).toBe(0);
    await field().fill(code);
    await seller.page.getByRole('button', { name: 'Only look' }).click();
    await verdict('Valid, not used yet');
    await seller.page.keyboard.press('Enter');
    await isFocused(field());

    await field().fill(code.toLowerCase());
    await seller.page.keyboard.press('Enter');
    await verdict('Valid: let them in');
    await isFocused(seller.page.getByRole('button', { name: 'Next guest' }));
    await seller.page.keyboard.press('Enter');
    await isFocused(field());
  });

  test('When a picture of the code is chosen, then it is read: it was used; one of something else is not valid', async () => {
    const choose = async (buffer: Buffer) =>
      seller.page.getByLabel('Choose a picture').setInputFiles({ name: 'ticket.png', mimeType: 'image/png', buffer });
    await choose(await toBuffer(code, { width: 600 }));
    await verdict('Already used');
    await seller.page.getByRole('button', { name: 'Next guest' }).click();
    await choose(await toBuffer('https://example.com/a-poster'));
    await verdict('Not valid');
    await seller.page.getByRole('button', { name: 'Next guest' }).click();
    await choose(Buffer.from('no picture'));
    await seller.page.getByText('There is no QR code to be read in this picture.').waitFor();
  });

  test('When another seller is shown it, then they are told that it is not for their event; axe finds nothing', async () => {
    const other = await marketplace.person('other', { bypassCSP: true, viewport: { width: 375, height: 740 } });
    await other.page.goto('/door');
    expect(await faultsOf(other.page)).toEqual([]);
    await other.page.getByLabel('Code of the e-ticket').fill(code);
    await other.page.keyboard.press('Enter');
    await other.page.getByRole('heading', { name: 'Not your event' }).waitFor();
    expect(await faultsOf(other.page)).toEqual([]);
    expect(await overflowOf(other.page)).toBe(0);
  });
});
