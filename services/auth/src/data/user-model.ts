import { type OutboxEntry, outboxPlugin } from '@ticketing/common';
import { type Connection, type Model, Schema } from 'mongoose';
import type { User } from '../domain/user';

export interface UserRecord extends User {
  /** The state store does not yet know `sessionsEndedBefore`; what a crash leaves so, a repetition finishes. */
  sessionsEnding?: boolean;
  outbox: OutboxEntry[];
}

const schema = new Schema<UserRecord>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    passwordHash: { type: String, required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    sessionsEndedBefore: Date,
    sessionsEnding: Boolean,
  },
  { versionKey: false, collection: 'users' },
);

// Decides between two who sign up with one address at the same moment.
schema.index({ email: 1 }, { unique: true });
schema.index({ sessionsEnding: 1 }, { partialFilterExpression: { sessionsEnding: true } });
schema.plugin(outboxPlugin);

export const userModel = (connection: Connection): Model<UserRecord> => connection.model<UserRecord>('User', schema);
