import fc from 'fast-check';
import { inParallel } from '../../src/lifecycle/in-parallel';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('inParallel', () => {
  it('does each item once, in order, and never more than the width at once', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), async (items, width) => {
        const begun: number[] = [];
        let atOnce = 0;
        let most = 0;
        await inParallel(items, { width }, async (item) => {
          begun.push(item);
          most = Math.max(most, ++atOnce);
          for (let turns = item % 4; turns >= 0; turns--) await turn();
          atOnce--;
        });
        expect([begun, atOnce, most]).toEqual([items, 0, Math.min(width, items.length)]);
      }),
    ));

  it('begins nothing more once it is to stop, and waits for what it has begun', async () => {
    const stopping = new AbortController();
    const ended: number[] = [];
    await inParallel([1, 2, 3, 4, 5], { width: 2, stopping: stopping.signal }, async (item) => {
      if (item === 2) stopping.abort();
      await turn();
      ended.push(item);
    });
    expect(ended).toEqual([1, 2]);
  });

  it('goes on beside an item that fails, and throws its error when all the others are done', async () => {
    const ended: number[] = [];
    const work = inParallel([1, 2, 3, 4], { width: 2 }, async (item) => {
      if (item === 1) throw new Error('the first');
      await turn();
      ended.push(item);
    });
    await expect(work).rejects.toThrow('the first');
    expect(ended).toEqual([2, 3, 4]);
  });

  it('goes on when as many have failed as are done at once, and throws all their errors', async () => {
    const ended: number[] = [];
    const work = inParallel([1, 2, 3, 4], { width: 2 }, async (item) => {
      await turn();
      if (item < 4) throw new Error(`${item} failed`);
      ended.push(item);
    });
    const failures = [1, 2, 3].map((item) => new Error(`${item} failed`));
    await expect(work).rejects.toEqual(new AggregateError(failures, '3 of 4 failed'));
    await expect(work).rejects.toMatchObject({ errors: failures });
    expect(ended).toEqual([4]);
  });
});
