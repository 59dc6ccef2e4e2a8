import { outboxEntry, UserCreated } from '@ticketing/common';
import { userEvent } from '../../src/data/user-event';
import type { UserRecord } from '../../src/data/user-model';

const user = { _id: 'user-1', email: 'ada@example.com', version: 1 } as UserRecord;
const entry = outboxEntry(UserCreated, '1', new Date('2026-11-21T10:00:00.000Z'));

test('When an entry is of a type that this version does not know, then it is not told as another', () => {
  expect(userEvent(user, entry).type).toBe('user.created');
  expect(() => userEvent(user, { ...entry, type: 'user.renamed' })).toThrow('user.renamed');
});
