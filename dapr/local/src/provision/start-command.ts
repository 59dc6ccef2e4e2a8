import type { Provisioned } from './types.js';

export interface StartOptions {
  /** Names the container, when it is one, so that a leftover can be found again. */
  containerName: string;
  /** Ports it listens on: published on loopback only. */
  ports: number[];
  /** Existing folders it keeps data in or reads: seen at the same paths inside a container. */
  folders: string[];
  /** Its own arguments, given the address to listen on. */
  args: (listenAddress: string) => string[];
}

/**
 * The words that start a tool on loopback. In a container it listens on every address of the container, of which only
 * the given ports are published, on 127.0.0.1; SIGTERM to the command reaches the tool either way.
 */
export function startCommand(tool: Provisioned, { containerName, ports, folders, args }: StartOptions): string[] {
  if (!tool.container) return [...tool.command, ...args('127.0.0.1')];
  const user = process.getuid && process.getgid ? ['--user', `${process.getuid()}:${process.getgid()}`] : [];
  const published = ports.flatMap((port) => ['--publish', `127.0.0.1:${port}:${port}`]);
  const mounted = folders.flatMap((folder) => ['--volume', `${folder}:${folder}`]);
  const program = tool.name === 'mongo' ? 'mongod' : tool.name;
  const named = ['--name', containerName, '--label', 'ticketing'];
  return [
    ...tool.command,
    ...named,
    ...user,
    ...published,
    ...mounted,
    tool.container.image,
    program,
    ...args('0.0.0.0'),
  ];
}

/** Removes a container that a killed run has left; undefined when the tool is no container. */
export function removeLeftover(tool: Provisioned, containerName: string): string[] | undefined {
  const [docker = 'docker'] = tool.command;
  return tool.container && [docker, 'rm', '--force', containerName];
}

export interface MongoOptions {
  port: number;
  /** An existing folder of its own. */
  dataDir: string;
  containerName: string;
  /** The Java stand-in stops when this process is gone. */
  parentPid?: number;
}

/** The words that start MongoDB, or what stands in for it, on 127.0.0.1. SIGTERM stops it cleanly. */
export function mongoCommand(tool: Provisioned, { port, dataDir, containerName, parentPid }: MongoOptions): string[] {
  if (isStandIn(tool)) {
    const parent = parentPid === undefined ? [] : ['--parent-pid', `${parentPid}`];
    return [...tool.command, '--port', `${port}`, '--bind', '127.0.0.1', '--data', dataDir, ...parent];
  }
  const quiet = ['--quiet', '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25'];
  const args = (address: string): string[] => [
    '--port',
    `${port}`,
    '--bind_ip',
    address,
    '--dbpath',
    dataDir,
    ...quiet,
  ];
  return startCommand(tool, { containerName, ports: [port], folders: [dataDir], args });
}

/** Whether this is the Java stand-in: it has no transactions, change streams or `explain`. */
export const isStandIn = (tool: Provisioned): boolean => tool.command.at(-1) === 'MongoStandIn';
