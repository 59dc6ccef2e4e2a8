import { NotProvisioned, type Provisioned, provision, removeLeftover, type ToolName } from '../provision';
import { Problem } from '../settings/problem';
import type { Settings } from '../settings/read-settings';
import { containerName } from './backing-programs';

export type Tools = Record<ToolName, Provisioned> & {
  /** Words that remove containers which a killed run would leave. */
  removals: string[][];
};

/** Finds or gets every program that this run needs. @throws Problem naming what is missing and what to do */
export async function provisionTools(
  settings: Settings,
  say: (line: string) => void,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv,
): Promise<Tools> {
  const get = async (name: ToolName) => {
    const tool = await provision(name, { progress: say, signal, env });
    say(`  ${name} ${tool.version} (${tool.way})`);
    return tool;
  };
  try {
    // The four that may have to be compiled share a compiler's cache and two cores: one after the other.
    const compiled = inTurn(['daprd', 'placement', 'scheduler', 'dapr'], get);
    const servers = inTurn(serversOf(settings), get);
    const tools = (await Promise.all([compiled, servers])).flat();
    return {
      ...(Object.fromEntries(tools.map((tool) => [tool.name, tool])) as Record<ToolName, Provisioned>),
      removals: tools
        .map((tool) => removeLeftover(tool, containerName(tool.name, settings)))
        .filter((words) => words !== undefined),
    };
  } catch (error) {
    if (error instanceof NotProvisioned) throw new Problem(error.message);
    throw error;
  }
}

const serversOf = (settings: Settings): ToolName[] => [
  ...(settings.redisUrl ? [] : (['redis-server'] as const)),
  ...(settings.mongoUrl ? [] : (['mongo'] as const)),
  ...(settings.broker === 'nats' ? (['nats-server'] as const) : []),
];

async function inTurn<Item, Result>(items: Item[], each: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await each(item));
  return results;
}
