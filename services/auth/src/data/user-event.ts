import { type CloudEvent, makeEvent, type OutboxEntry, UserCreated, UserUpdated } from '@ticketing/common';
import { userData } from '../domain/user';
import type { UserRecord } from './user-model';

/** The event of an outbox entry. */
export const userEvent = (user: UserRecord, entry: OutboxEntry): CloudEvent =>
  makeEvent(
    entry.type === UserCreated.type ? UserCreated : UserUpdated,
    { id: `${user._id}:${entry.id}`, subject: user._id, time: entry.at, traceparent: entry.traceparent },
    (entry.data as ReturnType<typeof userData> | undefined) ?? userData(user),
  );
