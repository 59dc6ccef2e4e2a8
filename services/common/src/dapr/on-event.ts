import type { CloudEvent, EventDefinition } from '../contracts';
import { DropEvent, type EventHandler } from './dapr';

/**
 * Binds a handler to a contract: what does not fit the contract goes to the dead letters, since no retry will mend it.
 * Fields that the contract does not know are ignored.
 */
export const onEvent = <Type extends string, Data>(
  definition: EventDefinition<Type, Data>,
  handle: (data: Data, event: { id: string; time: Date }) => Promise<void>,
): Record<Type, EventHandler> =>
  ({
    [definition.type]: async (event: CloudEvent) => {
      const parsed = definition.schema.safeParse(event.data);
      if (!parsed.success)
        throw new DropEvent(`${event.type} ${event.id} breaks its contract: ${parsed.error.message}`);
      await handle(parsed.data, { id: event.id, time: new Date(event.time) });
    },
  }) as Record<Type, EventHandler>;
