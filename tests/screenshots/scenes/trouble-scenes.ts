// Nothing there, or nobody answering.
import type { Page } from 'playwright-core';
import { processOf } from '../../stack/processes';
import type { Stage } from '../stage';
import type { Scene } from './scene';

export const troubleScenes: Scene[] = [
  { name: 'missing-page', show: ({ openAsStranger }) => openAsStranger('/nowhere') },
  {
    name: 'missing-ticket',
    show: ({ openAsStranger }) => openAsStranger('/tickets/00000000-0000-4000-8000-000000000000'),
  },
  { name: 'missing-order', show: ({ open, buyer }) => open(buyer, '/orders/00000000-0000-4000-8000-000000000000') },
  halted('tickets', 'browse-down', ({ openAsStranger }) => openAsStranger('/')),
  halted('tickets', 'listings-down', ({ open, seller }) => open(seller, '/listings')),
  halted('orders', 'orders-down', ({ open, buyer }) => open(buyer, '/orders')),
  halted('auth', 'account-down', ({ open, buyer }) => open(buyer, '/account')),
  halted('payments', 'order-payments-down', ({ open, buyer, own }) => open(buyer, `/orders/${own?.expiredOrderId}`)),
];

/** The service is stopped in its tracks while the page is asked for: it takes connections, and answers none. */
function halted(service: string, name: string, show: Scene['show']): Scene {
  const command = new RegExp(`^\\S*node (--require \\S+ )?\\S*services/${service}/dist/main\\.js`);
  return { name, needsOwnStack: true, show: (stage) => whileHalted(stage, command, () => show(stage)) };
}

/** Until the tab is closed. */
async function whileHalted({ own }: Stage, command: RegExp, show: () => Promise<Page>): Promise<Page> {
  if (!own) throw new Error('only a marketplace of our own can be halted');
  const service = processOf(own.pid, command);
  const goOn = () => process.kill(service.pid, 'SIGCONT');
  process.kill(service.pid, 'SIGSTOP');
  try {
    const page = await show();
    page.once('close', goOn);
    return page;
  } catch (error) {
    goOn();
    throw error;
  }
}
