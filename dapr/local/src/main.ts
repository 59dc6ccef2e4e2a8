// The command line of the local runtime: what the Makefile calls, and what dapr/dapr.yaml starts.
import type { Command } from './commands/command';
import { unknownWord } from './commands/unknown-word';
import { Problem } from './settings/problem';

// Loaded when called: the runner is resident eight times and should carry nothing it does not need.
const commands: Record<string, () => Promise<{ command: Command }>> = {
  run: () => import('./commands/run.js'),
  dev: () => import('./commands/dev.js'),
  stop: () => import('./commands/stop.js'),
  status: () => import('./commands/status.js'),
  logs: () => import('./commands/logs.js'),
  doctor: () => import('./commands/doctor.js'),
  seed: () => import('./commands/seed.js'),
  'dead-letters': () => import('./commands/dead-letters.js'),
  refund: () => import('./commands/refund.js'),
  audit: () => import('./commands/audit.js'),
  mails: () => import('./commands/mails.js'),
  reset: () => import('./commands/reset.js'),
  gateway: () => import('./commands/gateway.js'),
  backing: () => import('./commands/backing.js'),
  runner: () => import('./commands/runner.js'),
};

async function main([name = 'help', ...words]: string[]): Promise<number> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const asked = ['help', '--help', '-h'].includes(name);
    (asked ? process.stdout : process.stderr).write(
      `${asked ? '' : `There is no command ${name}.\n\n`}${await overview()}`,
    );
    return asked ? 0 : 2;
  }
  const { command } = await load();
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  if (own.includes('--help') || own.includes('-h')) {
    process.stdout.write(`${command.summary}\n\nUsage: node dapr/local/dist/main.js ${command.usage}\n`);
    return 0;
  }
  const unknown = unknownWord(command, words);
  if (unknown !== undefined) {
    process.stderr.write(`${name} does not take "${unknown}": ${name} --help says what it takes.\n`);
    return 2;
  }
  return command.run(words);
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(12)} ${(await load()).command.summary}`),
  );
  return `Runs the marketplace on this machine.\n\n${lines.join('\n')}\n\nEach takes --help.\n`;
}

// The reader of a pipe may go before we have finished (`make status | head`): that is no failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Problem ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exitCode = 1;
  },
);
