import { mkdirSync } from 'node:fs';
import { accepts } from '../launcher/wait-until';
import { type Kept, keepRunning } from '../processes/keep-running';
import { startProcess } from '../processes/start-process';
import { mongoCommand, provision } from '../provision';

const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Starts MongoDB at `url` when nothing answers there: `make run` has started one already, `dapr run -f` alone has not.
 * @returns what stops it, or undefined when there is nothing to start
 */
export async function startLocalMongo(
  url: string,
  dataDir: string,
  say: (line: string) => void,
): Promise<Kept | undefined> {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port: portText } = new URL(url);
  const port = Number(portText || 27_017);
  if (!loopback.includes(hostname) || (await accepts(port, hostname))) return undefined;
  say(`Nothing answers at ${hostname}:${port}: starting MongoDB there.`);
  const tool = await provision('mongo', { progress: say });
  mkdirSync(dataDir, { recursive: true });
  const words = mongoCommand(tool, { port, dataDir, containerName: `ticketing-mongo-${port}`, parentPid: process.pid });
  return keepRunning({
    start: () =>
      startProcess(words, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...tool.env } }, (error) =>
        say(`mongo: ${error.message}`),
      ),
    onEnded: ({ code, signal }, inMs) => say(`mongo ended (${signal ?? code})${inMs === undefined ? ' for good' : ''}`),
  });
}
