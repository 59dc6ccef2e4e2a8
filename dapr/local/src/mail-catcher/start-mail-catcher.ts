import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { SMTPServer } from 'smtp-server';
import { MailFaults } from './mail-faults';
import { Mailbox } from './mailbox';
import { createSmtpServer } from './receive-mail';
import { createWebServer } from './web/create-web-server';

export interface MailCatcherSettings {
  /** 0 for any free port. */
  smtpPort: number;
  /** 0 for any free port. */
  webPort: number;
  /** 127.0.0.1 unless said otherwise. */
  host?: string;
  /** Where mails are kept; only in memory without it. */
  dataDir?: string;
  log?: Pick<Logger, 'info' | 'warn' | 'error'>;
}

export interface MailCatcher {
  smtpPort: number;
  webPort: number;
  /** The inbox in a browser, and its API under `/api`. */
  webUrl: string;
  stop(): Promise<void>;
}

/** Throws when a port is taken or the folder cannot be used. */
export async function startMailCatcher(settings: MailCatcherSettings): Promise<MailCatcher> {
  const { host = '127.0.0.1', log } = settings;
  const mailbox = await Mailbox.open(settings.dataDir);
  const faults = new MailFaults();
  const smtp = createSmtpServer(mailbox, faults);
  smtp.on('error', (error) => log?.warn({ err: error }, 'a mail connection failed'));
  const smtpPort = await listenSmtp(smtp, settings.smtpPort, host);

  const web = createWebServer(mailbox, faults, log);
  const webPort = await listenWeb(web, settings.webPort, host).catch(async (error: unknown) => {
    await closeSmtp(smtp);
    throw error;
  });
  return {
    smtpPort,
    webPort,
    webUrl: `http://${host.includes(':') ? `[${host}]` : host}:${webPort}`,
    async stop() {
      await Promise.all([closeSmtp(smtp), closeWeb(web)]);
    },
  };
}

async function listenSmtp(smtp: SMTPServer, port: number, host: string): Promise<number> {
  smtp.listen(port, host);
  await once(smtp.server, 'listening');
  return (smtp.server.address() as AddressInfo).port;
}

async function listenWeb(web: Server, port: number, host: string): Promise<number> {
  web.listen(port, host);
  await once(web, 'listening');
  return (web.address() as AddressInfo).port;
}

const closeSmtp = (smtp: SMTPServer): Promise<void> => new Promise((resolve) => smtp.close(() => resolve()));

async function closeWeb(web: Server): Promise<void> {
  const closed = once(web, 'close');
  web.close();
  web.closeAllConnections();
  await closed;
}
