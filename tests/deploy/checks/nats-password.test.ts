// The real server with the configuration of the manifests, and a password as Kubernetes hands it over.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provision } from '../../../dapr/local/src/provision';
import { waitFor } from '../../../dapr/local/test/wait-for';
import { buildEnvironment, type Environment } from './environments';
import { containersOf, ofKind, podOf } from './resource';

/** What the server's container gets from its pod: `$(NAME)` is what stands before it in the list, in one pass. */
function environmentOf(environment: Environment, password: string): Record<string, string> {
  const [server] = ofKind(buildEnvironment(environment), 'StatefulSet').filter(
    ({ metadata }) => metadata.name === 'nats',
  );
  const variables: Record<string, string> = {};
  for (const { name, value, valueFrom } of server ? containersOf(podOf(server)).flatMap(({ env = [] }) => env) : []) {
    const given = valueFrom?.secretKeyRef?.key === 'nats-password' ? password : 'nats-0';
    variables[name] = value?.replace(/\$\((\w+)\)/g, (all, other) => variables[other] ?? all) ?? given;
  }
  return variables;
}

const configurationOf = (environment: Environment) =>
  ofKind(buildEnvironment(environment), 'ConfigMap').find(({ metadata }) => metadata.name.startsWith('nats-config'))
    ?.data?.['nats.conf'] ?? '';

/** @returns what the server answers to a client with these passwords, each in a connection of its own */
async function answersTo(environment: Environment, password: string, given: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-nats-password-'));
  const file = join(folder, 'nats.conf');
  // Alone, and on ports that are free.
  const alone = configurationOf(environment)
    .replace(/^cluster \{[\s\S]*?^\}/m, '')
    .replace(/^(port|http_port): \d+/gm, '$1: -1')
    .replace('/tmp/nats.pid', join(folder, 'pid'))
    .replace('store_dir: /data', `store_dir: ${folder}`);
  writeFileSync(file, `${alone}\nhost: 127.0.0.1\nports_file_dir: ${folder}\n`);
  const { command } = await provision('nats-server', { progress: () => undefined });
  const [program = '', ...words] = [...command, '--config', file];
  const env = { PATH: process.env.PATH, ...environmentOf(environment, password) };
  const server = spawn(program, words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(server, 'exit');
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  try {
    const portsFile = () => readdirSync(folder).find((name) => name.endsWith('.ports'));
    await waitFor(() => portsFile() !== undefined || server.exitCode !== null);
    const ports = portsFile();
    if (!ports) throw new Error(`nats-server ended: ${said}`);
    const { nats } = JSON.parse(readFileSync(join(folder, ports), 'utf8')) as { nats: string[] };
    return await Promise.all(given.map((one) => ask(new URL(nats[0] ?? ''), one)));
  } finally {
    if (server.exitCode === null) server.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask({ hostname, port }: URL, pass: string): Promise<string> {
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let heard = '';
  try {
    socket.write(`CONNECT ${JSON.stringify({ user: 'ticketing', pass, verbose: false })}\r\nPING\r\n`);
    for await (const text of socket) {
      heard += text;
      const [answer] = /^PONG|^-ERR.*'/m.exec(heard) ?? [];
      if (answer) return answer;
    }
    return heard;
  } finally {
    socket.destroy();
  }
}

describe.each<Environment>(['kind with NATS', 'eks'])('%s', (environment) => {
  test.each([
    ['digits', '48151623'],
    ['digits with a unit', '48kb'],
    ['digits with an exponent', '48e2'],
    ['a word of its language', 'true'],
    ['a space and a comment', 'a #b'],
    ['quotes, a backslash and a variable', '"a"\\n$HOME'],
    ['what the runbook makes', '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978'],
  ])('a password of %s is that password, and no other', async (_what, password) => {
    const answers = await answersTo(environment, password, [password, `${password}0`]);
    expect(answers).toEqual(['PONG', "-ERR 'Authorization Violation'"]);
  });

  // What is read as more of the configuration is refused before: the rehearsal has such a one.
  test.each(["'", "a'b", "a' b: 'c"])('a password with a quote starts no server with another: %s', async (password) => {
    await expect(answersTo(environment, password, [password])).rejects.toThrow(
      "variable reference for 'NATS_PASSWORD' on line",
    );
  });
});
