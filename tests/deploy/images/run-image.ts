// Starts what an image holds, as a container would: its own Node, its user, its environment and nothing of this machine's.
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BuiltImage } from './build-image';

export interface RunningImage {
  /** All it has said. */
  output(): string;
  /** Resolves with its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
  /** The command of its HEALTHCHECK. @returns its exit code */
  checkHealth(): Promise<number>;
  stop(): Promise<number | NodeJS.Signals | null>;
}

export function runImage(image: BuiltImage, env: Record<string, string>): RunningImage {
  const [program = '', ...words] = image.command;
  const options = { cwd: join(image.root, image.workdir), env: { ...image.env, ...env }, ...asUser(image.user) };
  const child = spawn(join(image.root, program), words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  const [checker = '', ...checkerWords] = image.healthcheck ?? [];
  return {
    output: () => said,
    ended,
    checkHealth: () =>
      new Promise((resolve) => {
        execFile(join(image.root, checker), checkerWords, { ...options, timeout: 10_000 }, (error) => {
          resolve(error ? Number(error.code ?? 1) : 0);
        });
      }),
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Only root may become somebody else; who runs tests as himself is unprivileged already. */
function asUser(user: string): { uid?: number; gid?: number } {
  const [uid, gid] = user.split(':').map(Number);
  return process.getuid?.() === 0 && uid !== undefined && gid !== undefined ? { uid, gid } : {};
}
