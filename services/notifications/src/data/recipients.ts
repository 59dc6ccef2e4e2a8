// Where mails go: learnt from the events of auth, the newest version kept, and asked of auth when not heard of yet.
import { type Invoker, internalUser, isDuplicateKey } from '@ticketing/common';
import { type Connection, type Model, Schema } from 'mongoose';

export interface Recipient {
  /** The user's id. */
  _id: string;
  email: string;
  version: number;
}

export interface Recipients {
  /** Keeps it, unless a newer version is known. */
  learn(user: { id: string; email: string; version: number }): Promise<void>;
  /** @throws Error when neither we nor auth know the user, or auth does not answer: ask again later */
  addressOf(userId: string): Promise<string>;
}

const schema = new Schema<Recipient>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    version: { type: Number, required: true },
  },
  { versionKey: false, collection: 'recipients' },
);

export const recipientModel = (connection: Connection): Model<Recipient> =>
  connection.model<Recipient>('Recipient', schema);

export function recipientsIn(model: Model<Recipient>, invoker: Invoker): Recipients {
  const learn: Recipients['learn'] = async ({ id, email, version }) => {
    try {
      await model.updateOne({ _id: id, version: { $lt: version } }, { email, version }, { upsert: true });
    } catch (error) {
      // It is there, and not older: the filter missed it and the insert met it.
      if (!isDuplicateKey(error)) throw error;
    }
  };
  return {
    learn,
    async addressOf(userId) {
      const known = await model.findById(userId).lean();
      if (known) return known.email;
      const answer = await invoker.invoke({
        app: 'auth',
        method: 'GET',
        path: `internal/users/${encodeURIComponent(userId)}`,
      });
      if (answer.status !== 200) throw new Error(`auth does not tell about user ${userId}: ${answer.status}`);
      const user = internalUser.parse(answer.body);
      await learn(user);
      return user.email;
    },
  };
}
