import { keepETickets } from '../../src/e-ticket/keep-e-tickets';
import type { ETicketFacts } from '../../src/e-ticket/render-e-ticket';
import { facts } from './facts';

const titled = (title: string): ETicketFacts => ({ ...facts, title });
const keeping = (bytesEach: number, mostBytes: number) => {
  const drawn: string[] = [];
  const eTickets = keepETickets(async ({ title }) => {
    drawn.push(title);
    if (title === 'bad') throw new Error('cannot be drawn');
    return Buffer.alloc(bytesEach, title);
  }, mostBytes);
  return { eTickets, drawn };
};

it('the same facts are drawn once, however many ask at once and afterwards; others are drawn', async () => {
  const { eTickets, drawn } = keeping(10, 1_000);
  expect(eTickets.find(titled('a'))).toBeUndefined();
  const [one, other] = await Promise.all([eTickets.draw(titled('a')), eTickets.draw(titled('a'))]);
  expect(await eTickets.find(titled('a'))).toBe(one);
  expect(other).toBe(one);
  await eTickets.draw({ ...titled('a'), zone: 'UTC' });
  expect(drawn).toEqual(['a', 'a']);
});

it('those that nobody has asked for for the longest are forgotten, when they would take too much room', async () => {
  const { eTickets, drawn } = keeping(10, 30);
  for (const title of ['a', 'b', 'c']) await eTickets.draw(titled(title));
  await eTickets.find(titled('a'));
  await eTickets.draw(titled('d'));
  expect(eTickets.find(titled('b'))).toBeUndefined();
  for (const title of ['a', 'c', 'd']) await eTickets.find(titled(title));
  expect(drawn).toEqual(['a', 'b', 'c', 'd']);
});

it('one that could not be drawn is tried again', async () => {
  const { eTickets, drawn } = keeping(10, 30);
  for (const _try of [1, 2]) await expect(eTickets.draw(titled('bad'))).rejects.toThrow('cannot be drawn');
  expect(drawn).toEqual(['bad', 'bad']);
});
