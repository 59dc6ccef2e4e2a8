import { password } from '../../browser/open-marketplace';
import type { Scene } from './scene';

export const accountScenes: Scene[] = [
  { name: 'account', show: ({ open, buyer }) => open(buyer, '/account') },
  {
    name: 'account-errors',
    async show({ open, buyer }) {
      const page = await open(buyer, '/account');
      await page.getByLabel('New e-mail address').fill('bob@');
      await page.getByRole('button', { name: 'Change e-mail address' }).click();
      await page.getByLabel('New password').fill('short');
      await page.getByRole('button', { name: 'Change password' }).click();
      return page;
    },
  },
  {
    name: 'account-changed',
    async show({ open, newcomer }) {
      const page = await open(newcomer, '/account');
      await page.getByLabel('New password').fill(`${password} again`);
      await page.getByLabel('Current password').last().fill(password);
      await page.getByRole('button', { name: 'Change password' }).click();
      await page.getByText('Your password is changed').waitFor();
      return page;
    },
  },
  { name: 'signup', show: ({ openAsStranger }) => openAsStranger('/signup') },
  {
    name: 'signup-errors',
    async show({ openAsStranger, buyer }) {
      const page = await openAsStranger('/signup');
      await page.getByLabel('E-mail address').fill(buyer.email);
      await page.getByLabel('Password').fill('short');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.locator('.field-problem').first().waitFor();
      return page;
    },
  },
  { name: 'signin', show: ({ openAsStranger }) => openAsStranger('/signin') },
  {
    name: 'signin-wrong',
    async show({ openAsStranger, buyer }) {
      const page = await openAsStranger('/signin');
      await page.getByLabel('E-mail address').fill(buyer.email);
      await page.getByLabel('Password').fill('not the one at all');
      await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('main').getByRole('alert').waitFor();
      return page;
    },
  },
  { name: 'signout', show: ({ open, buyer }) => open(buyer, '/signout') },
];
