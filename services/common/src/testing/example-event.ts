import { type EventData, type EventName, type EventOf, events, makeEvent } from '../contracts';
import { newId } from '../ids';

/** An event as its contract's example has it, with other data and another envelope where the test says so. */
export function exampleEvent<Name extends EventName>(
  name: Name,
  data: Partial<EventData<Name>> = {},
  envelope: { id?: string; subject?: string; time?: Date; traceparent?: string } = {},
): EventOf<Name> {
  const definition = events[name];
  const whole = { ...definition.example, ...data };
  return makeEvent(
    definition as never,
    {
      id: envelope.id ?? newId(),
      subject: envelope.subject ?? aggregateOf(whole),
      time: envelope.time ?? new Date('2026-11-21T10:00:00.000Z'),
      traceparent: envelope.traceparent,
    },
    whole,
  ) as unknown as EventOf<Name>;
}

const aggregateOf = (data: { id?: string; orderId?: string | null }): string => data.id ?? data.orderId ?? 'unknown';
