// Builds an image without a container engine: every stage is a folder, every RUN a shell in it, with the very Node and npm
// that the base image has. What comes out is what the image would hold above its base.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { provideNode } from '../tools/provide-node';
import {
  type Dockerfile,
  type Instruction,
  pairsIn,
  readDockerfile,
  type StageText,
  withVariables,
} from './read-dockerfile';

export interface BuiltImage {
  /** The image it stands on. */
  base: string;
  /** Holds its files, as `/` would. */
  root: string;
  workdir: string;
  /** Folders of the programs that its steps find before this machine's. */
  programs: string[];
  env: Record<string, string>;
  labels: Record<string, string>;
  user: string;
  ports: number[];
  command: string[];
  healthcheck: string[] | undefined;
}

export interface BuildOptions {
  dockerfile: string;
  /** A folder as layBuildContext makes it. */
  context: string;
  args: Record<string, string>;
  /** An empty folder; stages become folders in it. */
  workshop: string;
}

/**
 * Builds stages by their names, each once.
 * @throws Error with what a command said, when a step fails
 */
export function openBuild({ dockerfile, context, args, workshop }: BuildOptions): (target: string) => BuiltImage {
  const file = readDockerfile(readFileSync(dockerfile, 'utf8'));
  const stages = new Map<string, BuiltImage>();
  const build = (name: string): BuiltImage => {
    const made = stages.get(name);
    if (made) return made;
    const text = file.stages.find((stage) => stage.name === name);
    const stage = text ? buildStage(text, file, { context, args, workshop, build }) : externalImage(name, workshop);
    stages.set(name, stage);
    return stage;
  };
  return build;
}

interface Site extends Pick<BuildOptions, 'context' | 'args' | 'workshop'> {
  build(stage: string): BuiltImage;
}

function buildStage(text: StageText, file: Dockerfile, site: Site): BuiltImage {
  const from = site.build(withVariables(text.from, { ...file.args, ...site.args }));
  const root = join(site.workshop, text.name);
  cpSync(from.root, root, { recursive: true, verbatimSymlinks: true });
  const image: BuiltImage = { ...from, root, env: { ...from.env }, labels: { ...from.labels } };
  const values: Record<string, string> = {};
  for (const instruction of text.instructions) {
    carryOut(instruction, image, values, { ...site, globalArgs: file.args });
  }
  return image;
}

function carryOut(
  { word, flags, rest }: Instruction,
  image: BuiltImage,
  args: Record<string, string>,
  site: Site & { globalArgs: Record<string, string> },
): void {
  const filled = withVariables(rest, { ...args, ...image.env });
  if (word === 'ARG') declare(rest, args, site);
  else if (word === 'ENV') Object.assign(image.env, pairsIn(filled));
  else if (word === 'LABEL') Object.assign(image.labels, pairsIn(filled));
  else if (word === 'USER') image.user = filled;
  else if (word === 'EXPOSE') image.ports = filled.split(/\s+/).map(Number);
  else if (word === 'CMD') image.command = JSON.parse(rest);
  else if (word === 'HEALTHCHECK') image.healthcheck = JSON.parse(rest.replace(/^CMD\s+/, ''));
  else if (word === 'WORKDIR') {
    image.workdir = filled;
    mkdirSync(join(image.root, filled), { recursive: true });
  } else if (word === 'COPY') copy(filled.split(/\s+/), flags.from, image, site);
  else run(rest, image, args);
}

function declare(
  rest: string,
  args: Record<string, string>,
  { args: given, globalArgs }: Parameters<typeof carryOut>[3],
) {
  const [name = '', fallback = ''] = rest.split('=');
  args[name] = given[name] ?? (rest.includes('=') ? fallback : (globalArgs[name] ?? ''));
}

function copy(paths: string[], fromStage: string | undefined, image: BuiltImage, site: Site): void {
  const destination = paths.at(-1) ?? '';
  const sources = paths.slice(0, -1);
  const into = destination.startsWith('/')
    ? join(image.root, destination)
    : join(image.root, image.workdir, destination);
  const source = fromStage === undefined ? site.context : site.build(fromStage).root;
  for (const path of sources) {
    const found = join(source, path);
    const isFolder = statSync(found).isDirectory();
    const place = !isFolder && (destination.endsWith('/') || sources.length > 1) ? join(into, basename(path)) : into;
    cpSync(found, place, { recursive: true, verbatimSymlinks: true });
  }
}

/** As root of the image it would be; here every path that a command names is below where it runs. */
function run(command: string, image: BuiltImage, args: Record<string, string>): void {
  const host = hostEnvironment();
  const absolute = command.match(/(?<=\s)\/\S+/);
  if (absolute) throw new Error(`a step names a path of the whole machine, ${absolute[0]}: ${command}`);
  try {
    execFileSync('sh', ['-ec', command], {
      cwd: join(image.root, image.workdir),
      env: { ...host, PATH: [...image.programs, host.PATH].join(delimiter), ...image.env, ...args },
      stdio: 'pipe',
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`RUN ${command}\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

/** What a shell needs, and how npm reaches its registry and cache; nothing of the run that tests. */
const hostEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(PATH|HOME|LANG|TMPDIR|npm_config_(cache|registry|userconfig))$|_proxy$/i.test(name),
    ),
  );

/** Only its Node and npm are used. @throws Error when it has another Node than the one that is tried here */
function externalImage(base: string, workshop: string): BuiltImage {
  const root = join(workshop, `image-${base.replaceAll(/\W/g, '-')}`);
  mkdirSync(root, { recursive: true });
  const image = { base, root, workdir: '/', programs: [], env: {}, labels: {}, user: '', ports: [], command: [] };
  if (!base.startsWith('node:')) return { ...image, healthcheck: undefined };
  const { version, node, programs } = provideNode();
  if (!base.startsWith(`node:${version}-`))
    throw new Error(`${base} has not the Node ${version} that images are tried with`);
  cpSync(node, join(root, 'usr/local/bin/node'));
  return { ...image, programs, healthcheck: undefined };
}
