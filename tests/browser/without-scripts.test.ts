// Without JavaScript the market can be read, and says what cannot be done.
import { sharedShop } from './open-marketplace';
import { hold, list } from './steps';

jest.setTimeout(90_000);

describe('Without JavaScript', () => {
  const shop = sharedShop();

  test('When somebody searches, then they find tickets, and read that buying needs scripts', async () => {
    const title = `Plain ${Date.now()}`;
    const ticket = await list(shop.seller, title);
    const { page } = await shop.marketplace.stranger({ javaScriptEnabled: false });
    await page.goto('/');

    await page.getByRole('searchbox').fill(title);
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('link', { name: title }).click();
    await page.getByRole('heading', { name: title }).waitFor();

    expect(page.url()).toContain(`/tickets/${ticket}`);
    // Read from the document: the driver switches scripts off for the page, but not for what its parser shows.
    expect(await page.content()).toContain('Buying needs JavaScript');
  });

  test('When the menu of a narrow screen is pressed, then it opens', async () => {
    const { page } = await shop.marketplace.stranger({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
    });
    await page.goto('/');

    await page.getByText('Menu', { exact: true }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();

    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.content()).toContain('This form needs JavaScript');
  });

  test('When somebody looks at their own, then orders and listings are all there', async () => {
    const person = await shop.marketplace.person('reader', { javaScriptEnabled: false });
    const { page } = person;
    const order = await hold(person, await list(shop.seller, 'Held without scripts'));
    await list(person, 'Listed without scripts');

    await page.goto('/orders');
    await page.getByRole('link', { name: 'Held without scripts' }).click();
    await page.getByRole('heading', { name: 'Held without scripts' }).waitFor();
    expect(page.url()).toContain(order);
    expect(await page.content()).toContain('Paying and cancelling need JavaScript');
    expect(await page.getByRole('timer').textContent()).toMatch(/^\d+:\d\d$/);

    await page.goto('/listings');
    await page.getByRole('link', { name: 'Listed without scripts', exact: true }).waitFor();
  });

  test('When somebody signs out, then the page says that it is done', async () => {
    const { page } = await shop.marketplace.person('leaving', { javaScriptEnabled: false });
    await page.goto('/account');

    await page.getByRole('button', { name: 'Sign out' }).click();

    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.goto('/account');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('When something is missing, then the page is readable, and the answer 404', async () => {
    const { page } = await shop.marketplace.person('lost', { javaScriptEnabled: false });

    for (const folder of ['nowhere', 'tickets', 'orders', 'listings']) {
      const path = `/${folder}/00000000-0000-4000-8000-000000000000`;
      expect([path, (await page.goto(path))?.status()]).toEqual([path, 404]);
      await page.getByRole('heading', { name: 'There is nothing in this row' }).waitFor();
      expect([folder, (await page.request.get(`/${folder}/%E0%A4%A`)).status()]).toEqual([folder, 404]);
    }
  });
});
