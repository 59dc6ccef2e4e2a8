import type { Logger } from 'pino';
import type { Clock } from './clock';

export type SimulatorLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export interface SimulatorSettings {
  /** 0 for any free port. */
  port: number;
  /** 127.0.0.1 unless said otherwise. */
  host?: string;
  /** Where browsers find it, when that is not where it listens: `https://stripe.example`. */
  publicUrl?: string;
  publishableKey: string;
  secretKey: string;
  /** Signs webhooks: `whsec_…`. */
  webhookSecret: string;
  /** Where events are posted; without it they can only be listed. */
  webhookUrl?: string;
  /** The event types to post; all when left out. */
  webhookEvents?: string[];
  /** The wait before the first repeat of a webhook that was not taken, doubled each time up to 5 minutes. */
  webhookRetryMs?: number;
  /** Where payments are kept; only in memory without it. */
  dataFile?: string;
  clock?: Clock;
  log?: SimulatorLog;
}
