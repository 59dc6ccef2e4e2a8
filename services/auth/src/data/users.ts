// The accounts as stored. Each change is one write to the account's document, which carries its event with it.
import { collectionOf, isDuplicateKey, outboxEntry, UserCreated, UserUpdated } from '@ticketing/common';
import type { Model } from 'mongoose';
import { type AccountChange, changedData, changedFields, type User } from '../domain/user';
import type { UserRecord } from './user-model';

export interface Users {
  /** @throws EmailTaken */
  insert(user: NewUser): Promise<UserRecord>;
  find(id: string): Promise<UserRecord | null>;
  findByEmail(email: string): Promise<UserRecord | null>;
  /**
   * Compare-and-set on the version; nothing when the account was changed since it was read.
   * @throws EmailTaken
   */
  change(user: UserRecord, change: AccountChange, now: Date): Promise<UserRecord | null>;
  /** Accounts with a changed password whose older sessions may still be alive. */
  withSessionsEnding(limit: number): Promise<UserRecord[]>;
  /** False when the password was changed once more meanwhile. */
  noteSessionsEnded(id: string, before: Date): Promise<boolean>;
}

export class EmailTaken extends Error {}

export type NewUser = Pick<User, 'email' | 'passwordHash'> & { id: string; now: Date };

export function usersIn(model: Model<UserRecord>): Users {
  const collection = collectionOf(model);

  return {
    async insert({ id, email, passwordHash, now }) {
      const record: UserRecord = {
        _id: id,
        email,
        passwordHash,
        version: 1,
        createdAt: now,
        outbox: [outboxEntry(UserCreated, '1', now, { id, email, version: 1 })],
      };
      await collection.insertOne(record).catch(emailTaken);
      return record;
    },

    find: (id) => collection.findOne({ _id: id }),

    findByEmail: (email) => collection.findOne({ email }),

    async change(user, change, now) {
      const fields = changedFields(user, change, now);
      if (!fields) return user;
      const data = changedData(user, fields);
      const { version } = data;
      const update = {
        $set: { ...fields, version, ...(fields.sessionsEndedBefore ? { sessionsEnding: true } : {}) },
        $push: { outbox: outboxEntry(UserUpdated, String(version), now, data) },
      };
      return collection
        .findOneAndUpdate({ _id: user._id, version: user.version }, update, { returnDocument: 'after' })
        .catch(emailTaken);
    },

    withSessionsEnding: (limit) => collection.find({ sessionsEnding: true }).limit(limit).toArray(),

    async noteSessionsEnded(id, before) {
      const { matchedCount } = await collection.updateOne(
        { _id: id, sessionsEndedBefore: before },
        {
          $unset: { sessionsEnding: '' },
        },
      );
      return matchedCount > 0;
    },
  };
}

function emailTaken(cause: unknown): never {
  throw isDuplicateKey(cause) ? new EmailTaken('the e-mail address is in use', { cause }) : cause;
}
