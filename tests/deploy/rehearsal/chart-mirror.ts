// Where the playbook finds charts here: Dapr's own, which its Go module carries; in place of each other one a chart that
// makes the definitions of its resources and a config map with the values that it was given. What runs in them, nothing
// here could run.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { definitionSources } from '../checks/definitions';
import { goModuleFolder } from '../tools/provide-tools';
import { type Listening, listening } from './listening';
import type { Programs } from './provide-programs';

interface Options {
  programs: Programs;
  /** An empty folder. */
  folder: string;
  /** Version by name, of all that are asked for. */
  charts: Record<string, string>;
}

export async function startChartMirror({ programs, folder, charts }: Options): Promise<Listening> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    if (!readdirSync(published).includes(name)) return void response.writeHead(404).end();
    response.end(readFileSync(join(published, name)));
  });
  const site = await listening(server);
  const published = join(folder, 'published');
  mkdirSync(published);
  for (const [name, version] of Object.entries(charts)) {
    const source = join(folder, name);
    if (name === 'dapr') writeDaprChart(source, version);
    else writeStandIn(source, name, version);
    execFileSync(programs.program('helm'), ['package', source, '--destination', published], { stdio: 'pipe' });
  }
  execFileSync(programs.program('helm'), ['repo', 'index', published, '--url', site.url], { stdio: 'pipe' });
  return site;
}

/** As Dapr's release makes it of its sources: the version everywhere. */
function writeDaprChart(source: string, version: string): void {
  cpSync(join(goModuleFolder('github.com/dapr/dapr', `v${version}`), 'charts/dapr'), source, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', source]);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((path) => /(^|\/)(Chart|values)\.yaml$/.test(path))) {
    const text = readFileSync(join(source, file), 'utf8');
    writeFileSync(
      join(source, file),
      text.replaceAll("'0.0.0'", `'${version}'`).replaceAll("tag: 'edge'", `tag: '${version}'`),
    );
  }
}

function writeStandIn(source: string, name: string, version: string): void {
  mkdirSync(join(source, 'templates'), { recursive: true });
  writeFileSync(join(source, 'Chart.yaml'), stringify({ apiVersion: 'v2', name, version }));
  writeFileSync(
    join(source, 'templates/values.yaml'),
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}-values\ndata:\n  values: |\n    {{- .Values | toYaml | nindent 4 }}\n`,
  );
  const [module, moduleVersion, where] = definitionSources().find(([path]) => path?.endsWith(`/${name}`)) ?? [];
  if (!module || !moduleVersion || !where) return;
  const definitions = join(goModuleFolder(module, moduleVersion), where);
  mkdirSync(join(source, 'crds'));
  for (const file of readdirSync(definitions).filter((path) => path.endsWith('.yaml'))) {
    const definition = parse(readFileSync(join(definitions, file), 'utf8')) as { metadata: { labels?: object } };
    // They stand for templates of the real chart.
    delete definition.metadata.labels;
    writeFileSync(join(source, 'crds', file), stringify(definition));
  }
}
