import { internalUser } from '@ticketing/common';
import { sharedAuth, signedUp } from '../start-auth';

const auth = sharedAuth();

const ask = (app: string, id: string) =>
  auth.dapr.of(app).invoker.invoke({ app: 'auth', method: 'GET', path: `internal/users/${id}` });

describe('telling other services about a user', () => {
  test('When notifications asks, then it learns the address', async () => {
    const { id } = await signedUp(auth.app, 'told@example.com');

    const answer = await ask('notifications', id);

    expect(answer.status).toBe(200);
    expect(internalUser.parse(answer.body)).toEqual({ id, email: 'told@example.com', version: 1 });
    expect(Object.keys(answer.body as object).sort()).toEqual(['email', 'id', 'version']);
  });

  test('When nobody has that id, then it is not found', async () => {
    expect((await ask('notifications', '0123456789abcdef01234567')).status).toBe(404);
    expect((await ask('notifications', encodeURIComponent('{"$gt":""}'))).status).toBe(404);
  });

  test.each(['tickets', 'payments'])(
    'When %s asks, which has no business with addresses, then it is refused',
    async (app) => {
      const { id } = await signedUp(auth.app, `private-from-${app}@example.com`);

      expect((await ask(app, id)).status).toBe(403);
    },
  );
});
