import fc from 'fast-check';
import { changedFields, type User } from '../../src/domain/user';

const user: User = {
  _id: 'u1',
  email: 'ada@example.com',
  passwordHash: 'a hash',
  version: 3,
  createdAt: new Date('2026-11-01T00:00:00Z'),
};
const now = new Date('2026-11-21T10:00:00Z');

describe('changing an account', () => {
  test('When the address is the same, then nothing changes', () => {
    expect(changedFields(user, { email: user.email }, now)).toBeUndefined();
  });

  test('When only the address changes, then sessions go on', () => {
    expect(changedFields(user, { email: 'new@example.com' }, now)).toEqual({ email: 'new@example.com' });
  });

  test('When the password changes, then the sessions before end, whatever else changes', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), fc.string(), (email, passwordHash) => {
        const changed = changedFields(user, { email, passwordHash }, now);
        expect(changed).toMatchObject({ passwordHash, sessionsEndedBefore: now });
      }),
    );
  });
});
