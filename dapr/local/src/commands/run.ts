import { launch } from '../launcher/launch';
import { loadEnvFile } from '../settings/load-env-file';
import { forgetSecrets, readSettings } from '../settings/read-settings';
import type { Command } from './command';

export const command: Command = {
  summary: 'Starts the marketplace and runs it until Ctrl-C',
  usage: `run

Environment (or .env; exported values win): PORT, HOLD_WINDOW, DATA_DIR, PORT_BASE, STRIPE_PORT, PUBSUB=redis|nats,
MONGO_URL, REDIS_URL, STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY, STRIPE_WEBHOOK_SECRET, ALLOW_LIVE_STRIPE, JWT_KEY. See .env.example.`,
  async run() {
    loadEnvFile();
    const settings = readSettings(process.env);
    forgetSecrets(process.env);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(signal));
    try {
      await launch({
        settings,
        say: (line) => void process.stdout.write(`${line}\n`),
        stopRequest: stop.signal,
        env: process.env,
      });
    } catch (error) {
      // What was under way when it was asked to stop ends with an error that is no news.
      if (!stop.signal.aborted) throw error;
    }
    return 0;
  },
};
