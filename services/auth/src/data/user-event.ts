import { type CloudEvent, definitionOf, makeEvent, type OutboxEntry } from '@ticketing/common';
import { userData } from '../domain/user';
import type { UserRecord } from './user-model';

/** The event of an outbox entry. @throws Error for an unknown type */
export const userEvent = (user: UserRecord, entry: OutboxEntry): CloudEvent =>
  makeEvent(
    definitionOf(entry.type),
    { id: `${user._id}:${entry.id}`, subject: user._id, time: entry.at, traceparent: entry.traceparent },
    (entry.data as ReturnType<typeof userData> | undefined) ?? userData(user),
  );
