import type { Connection } from 'mongoose';

export interface MongoCommand {
  /** As the driver names it: `find`, `insert`, `update`, `findAndModify`, `aggregate`. */
  name: string;
  collection: string;
}

export interface CommandCounter {
  /** Every command since the start or the last `reset`, in order, but those by which the driver keeps its connections. */
  readonly commands: readonly MongoCommand[];
  reset(): void;
  stop(): void;
}

const housekeeping = new Set(['hello', 'ping', 'endSessions', 'ismaster', 'isMaster']);

/** Counts what is sent to MongoDB. The connection must have been made with `monitorCommands` (`testDatabase` does). */
export function commandCounter(connection: Connection): CommandCounter {
  const client = connection.getClient();
  const commands: MongoCommand[] = [];
  const count = ({ commandName, command }: { commandName: string; command: Record<string, unknown> }) => {
    if (!housekeeping.has(commandName)) commands.push({ name: commandName, collection: String(command[commandName]) });
  };
  client.on('commandStarted', count);
  return {
    commands,
    reset: () => {
      commands.length = 0;
    },
    stop: () => {
      client.off('commandStarted', count);
    },
  };
}
