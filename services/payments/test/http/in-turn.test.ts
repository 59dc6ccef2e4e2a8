import { inTurn } from '../../src/http/in-turn';

/** Work that ends when the test says so, and tells how often it was begun. */
function work() {
  const ends: { resolve: (result: string) => void; reject: (error: Error) => void }[] = [];
  const begin = () => new Promise<string>((resolve, reject) => ends.push({ resolve, reject }));
  return { ends, begin };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('When many ask for the same at once, then one is served, and then all others by one more', async () => {
  const { ends, begin } = work();
  const ask = inTurn<string>();
  const [first, ...others] = Array.from({ length: 5 }, () => ask('a', begin));
  await turn();
  expect(ends).toHaveLength(1);
  ends[0]?.resolve('before');
  expect(await first).toBe('before');
  await turn();
  expect(ends).toHaveLength(2);
  ends[1]?.resolve('after');
  expect(await Promise.all(others)).toEqual(Array.from({ length: 4 }, () => 'after'));
});

test('When one is over, then the next who asks is served at once', async () => {
  const { ends, begin } = work();
  const ask = inTurn<string>();
  for (let n = 0; n < 3; n++) {
    const answer = ask('a', begin);
    expect(ends).toHaveLength(n + 1);
    ends[n]?.resolve(`answer ${n}`);
    expect(await answer).toBe(`answer ${n}`);
    await turn();
  }
});

test('When one fails, then only those fail whom it served', async () => {
  const { ends, begin } = work();
  const ask = inTurn<string>();
  const first = ask('a', begin);
  const second = ask('a', begin);
  const third = ask('a', begin);
  ends[0]?.reject(new Error('Stripe is away'));
  await expect(first).rejects.toThrow('Stripe is away');
  await turn();
  ends[1]?.resolve('well');
  expect(await Promise.all([second, third])).toEqual(['well', 'well']);
});

test('When they ask for something else, then nobody waits', () => {
  const { ends, begin } = work();
  const ask = inTurn<string>();
  void ask('a', begin);
  void ask('b', begin);
  expect(ends).toHaveLength(2);
});
