// What ingress-nginx makes of our Ingress and of what its chart is told, run by a real nginx: those lines of its template
// (rootfs/etc/nginx/template/nginx.tmpl of controller 1.15.1) that speak of routes, headers, buffering and compression,
// with its own defaults for what is not told.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { until } from '../rehearsal/until';
import { provideNginx } from '../tools/provide-nginx';
import { repository } from './environments';
import { type IngressSpec, type Resource, specOf } from './resource';

export interface IngressNginxValues {
  controller: { config: Record<string, string>; proxySetHeaders: Record<string, string> };
}

const read = (path: string): unknown => parse(readFileSync(join(repository, path), 'utf8'));

export const valuesOnKind = (): IngressNginxValues => read('k8s/kind/ingress-nginx-values.yaml') as IngressNginxValues;

export function valuesOnEks(): IngressNginxValues {
  const addons = read('ansible/roles/addons/defaults/main.yml') as {
    addons_charts: { name: string; values: IngressNginxValues }[];
  };
  return addons.addons_charts.find(({ name }) => name === 'ingress-nginx')?.values as IngressNginxValues;
}

/** What the nginx that is used here can compress by. */
export const encodingsHere = (): ('br' | 'gzip')[] => (provideNginx().brotliModule ? ['br', 'gzip'] : ['gzip']);

export interface RunningNginx {
  /** The socket that it listens on: a file, which nobody else can take, as a port that was free a moment ago. */
  socketPath: string;
  stop(): Promise<void>;
}

/** @param services where each service of the ingress listens, by its name: `http://127.0.0.1:PORT` */
export async function startNginx(
  ingress: Resource,
  values: IngressNginxValues,
  services: Record<string, string>,
): Promise<RunningNginx> {
  const { program, brotliModule } = provideNginx();
  const folder = mkdtempSync(join(tmpdir(), 'ticketing-nginx-'));
  const socketPath = join(folder, 'socket');
  writeFileSync(
    join(folder, 'nginx.conf'),
    configurationOf({ ingress, values, services, socketPath, folder, brotliModule }),
  );
  const nginx = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  nginx.stderr.on('data', (piece) => {
    said += piece;
  });
  const stop = async () => {
    await ended(nginx);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until('nginx listens', 20_000, () => {
      if (nginx.exitCode !== null) throw new Error(`nginx ended: ${said}`);
      return answers(socketPath);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { socketPath, stop };
}

interface Configured {
  ingress: Resource;
  values: IngressNginxValues;
  services: Record<string, string>;
  socketPath: string;
  folder: string;
  brotliModule: string | undefined;
}

function configurationOf({ ingress, values, services, socketPath, folder, brotliModule }: Configured): string {
  const { config, proxySetHeaders } = values.controller;
  const told = (key: string, otherwise: string) => config[key] ?? otherwise;
  const { rules } = specOf<IngressSpec>(ingress);
  const headers = Object.entries(proxySetHeaders).map(([name, value]) => `proxy_set_header ${name} "${value}";`);
  const annotated = (name: string, otherwise: string) =>
    ingress.metadata.annotations?.[`nginx.ingress.kubernetes.io/${name}`] ?? otherwise;
  const location = (path: string, service: string) => `
      location ${path} {
        client_max_body_size ${annotated('proxy-body-size', '1m')};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Connection "";
        ${headers.join('\n        ')}
        proxy_buffering ${annotated('proxy-buffering', 'off')};
        proxy_pass ${services[service]};
      }`;
  // As it makes them of a path of type Prefix: the path itself, and what is below it.
  const locations = (path: string, service: string) =>
    path === '/' ? location('/', service) : location(`= ${path}`, service) + location(`${path}/`, service);
  const servers = rules.map(
    ({ host, http }) => `
    server {
      listen unix:${socketPath};
      server_name ${host};${http.paths.map(({ path, backend }) => locations(path, backend.service.name)).join('')}
    }`,
  );
  const brotli = `
    brotli on;
    brotli_comp_level ${told('brotli-level', '4')};
    brotli_min_length ${told('brotli-min-length', '20')};
    brotli_types ${told('brotli-types', 'application/json')};`;
  const gzip = `
    gzip on;
    gzip_comp_level ${told('gzip-level', '1')};
    gzip_http_version 1.1;
    gzip_min_length ${told('gzip-min-length', '256')};
    gzip_types ${told('gzip-types', 'application/json')};
    gzip_proxied any;
    gzip_vary on;`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (of) => `${of}_temp_path ${folder}/${of};`,
  );
  return `${brotliModule ? `load_module ${brotliModule};` : ''}
  daemon off;
  master_process off;
  pid ${folder}/nginx.pid;
  error_log stderr warn;
  events {}
  http {
    access_log off;
    ${temporary.slice(0, brotliModule ? undefined : 2).join('\n    ')}
    ${brotliModule && told('enable-brotli', 'false') === 'true' ? brotli : ''}
    ${told('use-gzip', 'false') === 'true' ? gzip : ''}
    ${servers.join('')}
  }
`;
}

const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

async function ended(nginx: ChildProcess): Promise<void> {
  if (nginx.exitCode !== null || nginx.signalCode !== null) return;
  const exit = once(nginx, 'exit');
  nginx.kill();
  await exit;
}
