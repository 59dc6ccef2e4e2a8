/**
 * Finds or gets the programs that the local marketplace runs on. Nothing outside this folder knows where they come
 * from: a caller asks for a tool and is given the words that start it.
 */
import { inspectTool, provisionTool } from './provision-tool.js';
import { tools } from './tools.js';
import type { Inspection, Provisioned, ProvisionOptions, ToolName } from './types.js';

export { layRuntimePath } from './lay-runtime-path.js';
export { NotProvisioned } from './provision-tool.js';
export {
  isStandIn,
  type MongoOptions,
  mongoCommand,
  removeLeftover,
  type StartOptions,
  startCommand,
} from './start-command.js';
export { defaultCacheDir } from './tool-cache.js';
export type { Inspection, Progress, Provisioned, ProvisionOptions, ToolName, WayInspection } from './types.js';

/**
 * Finds a tool, or gets it into the cache; two runs at once do it once.
 * @throws NotProvisioned when no way has worked, with one sentence for a person.
 */
export function provision(tool: ToolName, options: ProvisionOptions): Promise<Provisioned> {
  return provisionTool(tools[tool], options);
}

/** What there is of a tool and how it could be had, for `make doctor`; changes nothing. */
export function inspect(
  tool: ToolName,
  options: { cacheDir?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Inspection> {
  return inspectTool(tools[tool], options);
}
