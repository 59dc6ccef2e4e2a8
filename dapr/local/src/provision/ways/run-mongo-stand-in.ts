/**
 * The MongoDB stand-in for machines that can have no mongod: mongo-java-server from Maven, with the launcher in
 * dapr/local/mongo compiled once into the cache. Every jar is pinned by its checksum.
 */
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { downloadFile, sha256Of } from '../download-file.js';
import { askVersion, findProgram } from '../find-program.js';
import { requireCommand, runCommand } from '../run-command.js';
import { tellProgress } from '../tell-progress.js';
import type { Machine, Possibility, Way, WayContext } from '../types.js';

/** The same folder from source and from the compiled code. */
export const STAND_IN = resolve(__dirname, '../../../mongo');

/** Runs on the oldest Java that the jars accept. */
const JAVA_LINE = '17';

interface Jar {
  /** Path in a Maven repository. */
  path: string;
  sha256: string;
}

export const runMongoStandIn: Way = {
  name: 'maven',
  async possible(machine) {
    const java = await findJava(machine);
    if (!java.command) return { possible: false, why: java.why };
    const source = await jarSource(machine);
    return source.possible ? { possible: true, why: `${java.why}, ${source.why}` } : source;
  },
  async get(context) {
    const { folder, env, progress, signal } = context;
    const java = (await findJava(context)).command ?? 'java';
    const jars = await readJars();
    const library = join(folder, 'lib');
    await mkdir(library, { recursive: true });
    await tellProgress(progress, 'mongo: fetching the Java stand-in (6 MB)', () => fetchJars(jars, library, context));
    const classPath = jars.map((jar) => join(library, fileName(jar)));
    const sources = (await readdir(STAND_IN))
      .filter((name) => name.endsWith('.java'))
      .map((name) => join(STAND_IN, name));
    const compile = ['-m', 'jdk.compiler/com.sun.tools.javac.Main', '--release', JAVA_LINE];
    await requireCommand([java, ...compile, '-cp', classPath.join(':'), '-d', join(folder, 'classes'), ...sources], {
      env,
      signal,
    });
    const launcher = join(folder, 'launcher.jar');
    const pack = [
      '-m',
      'jdk.jartool/sun.tools.jar.Main',
      '--create',
      '--file',
      launcher,
      '-C',
      join(folder, 'classes'),
      '.',
    ];
    await requireCommand([java, ...pack], { env, signal });
    const command = [java, ...JVM_FLAGS, '-cp', [launcher, ...classPath].join(':'), 'MongoStandIn'];
    return { version: '1.47.0', command };
  },
};

/** Quick to start and small; measured, see dapr/local/mongo/README.md. */
const JVM_FLAGS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xms64m', '-Xmx512m'];

export async function readJars(): Promise<Jar[]> {
  return JSON.parse(await readFile(join(STAND_IN, 'jars.json'), 'utf8')) as Jar[];
}

const fileName = (jar: Jar): string => jar.path.slice(jar.path.lastIndexOf('/') + 1);

async function findJava(machine: Machine): Promise<{ command?: string; why: string }> {
  const named = machine.env.JAVA_HOME && join(machine.env.JAVA_HOME, 'bin', 'java');
  const java = named ?? (await findProgram('java', machine));
  if (!java) return { why: 'Java is not installed' };
  const version = await askVersion([java, '-version'], machine.env, /version "(\d+)/);
  if (!version || Number(version) < Number(JAVA_LINE))
    return { why: `Java ${version ?? 'does not run'}: ${JAVA_LINE} or later is needed` };
  const modules = await runCommand([java, '--list-modules'], { env: machine.env, timeoutMs: 10_000 });
  if (!/^jdk\.compiler/m.test(modules.stdout)) return { why: `Java ${version} has no compiler: a JDK is needed` };
  return { command: java, why: `Java ${version}` };
}

/** Maven if it is there, as it knows this machine's mirrors; else the repository that MAVEN_REPO_URL names. */
async function jarSource(machine: Machine): Promise<Possibility> {
  if (await findProgram('mvn', machine)) return { possible: true, why: 'jars by Maven' };
  if (machine.env.MAVEN_REPO_URL) return { possible: true, why: `jars from ${machine.env.MAVEN_REPO_URL}` };
  if (await findLocally(machine, await readJars())) return { possible: true, why: 'jars from ~/.m2' };
  return { possible: false, why: 'Maven is not installed and MAVEN_REPO_URL names no Maven repository' };
}

async function fetchJars(jars: Jar[], library: string, context: WayContext): Promise<void> {
  const { env, signal } = context;
  const local = await findLocally(context, jars);
  const maven = await findProgram('mvn', context);
  const repository = env.MAVEN_REPO_URL;
  if (local) {
    await Promise.all(jars.map((jar) => copyFile(join(local, jar.path), join(library, fileName(jar)))));
  } else if (repository) {
    const base = repository.replace(/\/$/, '');
    for (const jar of jars)
      await downloadFile(`${base}/${jar.path}`, join(library, fileName(jar)), jar.sha256, { env, signal });
  } else {
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${library}`];
    await requireCommand([maven ?? 'mvn', '-B', '-q', '-f', join(STAND_IN, 'pom.xml'), ...goal], { env, signal });
  }
  await keepVerified(jars, library);
}

/** The user's own Maven repository, when every jar is already in it and is what it should be. */
async function findLocally({ env }: Pick<Machine, 'env'>, jars: Jar[]): Promise<string | undefined> {
  const repository = join(env.HOME ?? homedir(), '.m2', 'repository');
  for (const jar of jars) {
    const found = await sha256Of(join(repository, jar.path)).catch(() => undefined);
    if (found !== jar.sha256) return undefined;
  }
  return repository;
}

/** Nothing but the pinned jars may be on the class path. */
async function keepVerified(jars: Jar[], library: string): Promise<void> {
  for (const jar of jars) {
    const found = await sha256Of(join(library, fileName(jar)));
    if (found !== jar.sha256) throw new Error(`${fileName(jar)} has checksum ${found}, not ${jar.sha256}`);
  }
  const pinned = new Set(jars.map(fileName));
  for (const name of await readdir(library)) if (!pinned.has(name)) await rm(join(library, name));
}
