import { publicUrl } from '../render/write-run-folder';
import { demoAccounts, seedMarketplace } from '../seed/seed-marketplace';
import { loadEnvFile } from '../settings/load-env-file';
import { readSettings } from '../settings/read-settings';
import type { Command } from './command';
import { formatTable } from './format-table';

export const command: Command = {
  summary: 'Makes demo accounts and tickets, and prints them',
  usage: 'seed        (PORT says where; repeating it adds nothing)',
  async run() {
    loadEnvFile();
    const tickets = await seedMarketplace(publicUrl(readSettings(process.env)));
    const accounts = demoAccounts.map(({ email, password }, index) => [
      index === 0 ? 'seller' : 'buyer',
      email,
      password,
    ]);
    const rows = tickets.map(({ id, title, priceCents, state }) => [
      id,
      title,
      `$${(priceCents / 100).toFixed(2)}`,
      state,
    ]);
    process.stdout.write(
      `${formatTable(['account', 'e-mail', 'password'], accounts)}\n\n${formatTable(['ticket', 'title', 'price', 'state'], rows)}\n`,
    );
    return 0;
  },
};
