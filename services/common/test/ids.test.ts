import { isId, newId } from '../src/ids';

test('When ids are made one after the other, then the later sorts later, to the millisecond', () => {
  const moments = [0, 1, 999, 1_000, 1_001, 59_999].map((ms) => Date.parse('2026-11-21T23:00:00Z') + ms);
  const clock = jest.spyOn(Date, 'now');
  const ids = moments.map((moment) => {
    clock.mockReturnValue(moment);
    return newId();
  });
  clock.mockRestore();

  expect([...ids].sort()).toEqual(ids);
  expect(ids.filter(isId)).toEqual(ids);
});

test('When many ids are made at once, then each is another', () => {
  const ids = Array.from({ length: 10_000 }, newId);
  expect(new Set(ids).size).toBe(ids.length);
});
