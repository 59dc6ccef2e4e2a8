import { silentLog } from '@ticketing/common';
import { workInHand } from '../../src/settlement/work-in-hand';

/** Pieces of work that end when the test says so. */
function pieces(count: number) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = Array.from({ length: count }, (_, n) => () => {
    begun.push(n);
    return new Promise<void>((resolve) => {
      ends[n] = resolve;
    });
  });
  return { begun, work, end: (n: number) => ends[n]?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('When more is begun than is done at once, then the rest waits for its turn', async () => {
  const { begun, work, end } = pieces(4);
  const hand = workInHand(silentLog, { mostAtOnce: 2 });
  for (const [n, each] of work.entries()) hand.begin(`piece ${n}`, each);
  await turn();
  expect(begun).toEqual([0, 1]);
  end(1);
  await turn();
  expect(begun).toEqual([0, 1, 2]);
});

test('When a piece fails, then its place is free for the next', async () => {
  const { begun, work } = pieces(1);
  const hand = workInHand(silentLog, { mostAtOnce: 1 });
  hand.begin('a failure', () => Promise.reject(new Error('no')));
  for (const [n, each] of work.entries()) hand.begin(`piece ${n}`, each);
  await turn();
  expect(begun).toEqual([0]);
});

test('When the service drains, then what has begun is awaited, and the rest is left to the reconciler', async () => {
  const { begun, work, end } = pieces(2);
  const hand = workInHand(silentLog, { mostAtOnce: 1 });
  for (const [n, each] of work.entries()) hand.begin(`piece ${n}`, each);
  let stopped = false;
  const stopping = Promise.resolve(hand.stop()).then(() => {
    stopped = true;
  });
  await turn();
  expect(stopped).toBe(false);
  end(0);
  await stopping;
  expect(begun).toEqual([0]);
});

test('When the same is begun again while it waits, then it is done once', async () => {
  const { begun, work, end } = pieces(2);
  const hand = workInHand(silentLog, { mostAtOnce: 1 });
  for (const [n, each] of work.entries()) hand.begin(`piece ${n}`, each);
  for (const each of work.slice(1)) hand.begin('piece 1', each);
  end(0);
  await turn();
  end(1);
  await turn();
  expect(begun).toEqual([0, 1]);
});

test('When too much waits, then the rest is left to the reconciler', async () => {
  const { begun, work, end } = pieces(3);
  const hand = workInHand(silentLog, { mostAtOnce: 1, mostWaiting: 1 });
  for (const [n, each] of work.entries()) hand.begin(`piece ${n}`, each);
  end(0);
  await turn();
  end(1);
  await turn();
  expect(begun).toEqual([0, 1]);
});
