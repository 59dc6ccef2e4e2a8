// stripe-mock, built from the committed go.mod: Stripe's own description of its API, and a server that holds requests
// against it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../setup/free-port';
import { waitFor } from '../stack/wait-for';

const module_ = 'github.com/stripe/stripe-mock';

export interface StripeMock {
  url: string;
  /** The OpenAPI document inside it. */
  description: OpenApi;
  stop(): void;
}

export interface OpenApi {
  info: { version: string };
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>
  >;
  components: { schemas: Record<string, Schema> };
}

export interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
}

/** @throws when Go is not installed, or the module cannot be fetched */
export async function startStripeMock(): Promise<StripeMock> {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-mock-'));
  const program = join(folder, 'stripe-mock');
  const go = (...words: string[]) =>
    execFileSync('go', words, {
      cwd: __dirname,
      encoding: 'utf8',
      env: { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off', CGO_ENABLED: '0' },
    }).trim();
  go('build', '-trimpath', '-o', program, module_);
  const source = go('list', '-m', '-f', '{{.Dir}}', module_);
  const port = await freePort();
  const child = spawn(program, ['-http-port', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(child, url);
  return {
    url,
    description: JSON.parse(readFileSync(join(source, 'embedded/openapi/spec3.json'), 'utf8')) as OpenApi,
    stop() {
      child.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

const answers = (child: ChildProcess, url: string) =>
  waitFor(
    'stripe-mock answers',
    async () => {
      if (child.exitCode !== null) throw new Error(`stripe-mock ended with ${child.exitCode}`);
      return fetch(url).then(
        () => true,
        () => false,
      );
    },
    60_000,
  );
