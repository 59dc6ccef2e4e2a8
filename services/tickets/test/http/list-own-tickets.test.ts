import request from 'supertest';
import { expectProblem } from '../../../../tests/setup/expect-problem';
import { holdBy, listedBy, type RunningTickets, startTickets, storedTicket } from '../start-tickets';

let running: RunningTickets;
beforeAll(async () => {
  running = await startTickets();
});
afterAll(() => running.close());

const mine = (query = '', seller = 'ada') =>
  request(running.app).get(`/api/tickets/mine${query}`).set('Cookie', running.cookieOf(seller));

describe('GET /api/tickets/mine', () => {
  it('shows a seller all of their tickets but the deleted ones, and nobody else’s', async () => {
    const [first, second, third] = [
      await listedBy(running, 'ada'),
      await listedBy(running, 'ada'),
      await listedBy(running, 'ada'),
    ];
    await listedBy(running, 'eve');
    await holdBy(running, second.id, 'bob', 'order-1');
    await running.tickets.remove(await storedTicket(running, third.id), running.dapr.clock.now());
    const { items } = (await mine()).body as { items: { id: string }[] };
    expect(new Set(items.map(({ id }) => id))).toEqual(new Set([first.id, second.id]));
  });

  it('goes on where the cursor says', async () => {
    for (let n = 0; n < 5; n++) await listedBy(running, 'pager');
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await mine(`?limit=2${cursor}`, 'pager');
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  it('answers 401 to who is not signed in, and 400 for a page that is none', async () => {
    expectProblem(await request(running.app).get('/api/tickets/mine'), 401, 'NotSignedIn');
    expectProblem(await mine('?limit=1000'), 400, 'InvalidInput');
    expectProblem(await mine('?cursor=bnVsbA'), 400, 'InvalidInput');
  });
});
