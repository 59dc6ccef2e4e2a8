import type { Command } from './command';
import { runLauncher } from './run-launcher';

export const command: Command = {
  summary: 'Starts the marketplace and runs it until Ctrl-C',
  usage: `run

Environment (or .env; exported values win): PORT, HOLD_WINDOW, PAYMENT_ATTEMPTS, DATA_DIR, PORT_BASE, STRIPE_PORT, PUBSUB=redis|nats,
MONGO_URL, REDIS_URL, STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY, STRIPE_WEBHOOK_SECRET, ALLOW_LIVE_STRIPE, JWT_KEY.
See .env.example.`,
  run: () => runLauncher({ reload: false }),
};
