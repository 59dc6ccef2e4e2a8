import { type CloudEvent, contractUri, type EventDefinition, topicOwners } from './event-definition';

export interface EventStamp {
  id: string;
  subject: string;
  time: Date;
  traceparent?: string | undefined;
}

/** Puts data into the envelope of its contract. The caller gives id and time: both are injected, never read here. */
export function makeEvent<Type extends string, Data>(
  definition: EventDefinition<Type, Data>,
  stamp: EventStamp,
  data: Data,
): CloudEvent<Type, Data> {
  return {
    specversion: '1.0',
    id: stamp.id,
    source: `/${topicOwners[definition.topic]}`,
    type: definition.type,
    subject: stamp.subject,
    time: stamp.time.toISOString(),
    datacontenttype: 'application/json',
    dataschema: contractUri(definition),
    ...(stamp.traceparent ? { traceparent: stamp.traceparent } : {}),
    data,
  };
}
