/** The programs a local marketplace runs on, besides Node, and the browser that tests drive. */
export type ToolName =
  | 'daprd'
  | 'placement'
  | 'scheduler'
  | 'dapr'
  | 'redis-server'
  | 'mongo'
  | 'nats-server'
  | 'chromium';

/** Hears one line for a person at a time; long work is heard from again every 15 s, with the seconds elapsed. */
export type Progress = (line: string) => void;

/** A tool that is ready to be started. */
export interface Provisioned {
  name: ToolName;
  version: string;
  /** How it was come by: `installed`, `cache`, or the name of the way that was just taken. */
  way: string;
  /** The words that start it; its own arguments follow. See `startCommand` and `mongoCommand`. */
  command: string[];
  /** Variables that it needs beside those of the caller. */
  env?: Record<string, string>;
  /** Set when it runs from a container image: `command` then starts a container, and needs its ports and folders. */
  container?: { image: string };
}

export interface ProvisionOptions {
  /** Where tools are kept; by default `TICKETING_CACHE`, else the user's cache folder. */
  cacheDir?: string;
  progress: Progress;
  signal?: AbortSignal;
  /** By default `process.env`. */
  env?: NodeJS.ProcessEnv;
}

/** What `make doctor` shows of a tool. */
export interface Inspection {
  name: ToolName;
  /** The version that is wanted, as a person would say it. */
  wanted: string;
  found?: Provisioned;
  ways: WayInspection[];
}

export interface WayInspection {
  way: string;
  possible: boolean;
  why: string;
}

/** The machine a tool is looked for on; asked about, never changed. */
export interface Machine {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  arch: string;
}

export interface Possibility {
  possible: boolean;
  /** One clause: what it would use, or what it lacks. */
  why: string;
}

/** What a way is given to do its work. */
export interface WayContext extends Machine {
  /** An empty folder to fill, at the path it will be run from. Nothing in it counts before the way has returned. */
  folder: string;
  progress: Progress;
  signal: AbortSignal;
}

/** What a way has made: paths are absolute, inside the folder it was given or on the system. */
export type Obtained = Omit<Provisioned, 'name' | 'way'>;

/** One way to get a tool. `possible` has no side effects and answers within seconds. */
export interface Way {
  name: string;
  possible(machine: Machine): Promise<Possibility>;
  /** Rejects with one sentence when it could not be done; the next way is then tried. */
  get(context: WayContext): Promise<Obtained>;
}

/** A tool as data: what is wanted, how an installed one is recognised, and the ways to get one, best first. */
export interface Tool {
  name: ToolName;
  /** The version that the ways get; part of the cache's key. */
  version: string;
  /** As a person would say it: `1.18.2`, `6.2 or later`. */
  wanted: string;
  /** Whether an installed one of this version will do. */
  accepts(version: string): boolean;
  /** Finds the installed ones, best first, whatever their versions. */
  installed(machine: Machine): AsyncIterable<{ command: string[]; version: string }>;
  ways: Way[];
  /** What a person can type when every way has failed. */
  advice(machine: Machine): string;
}
