import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type DrawOptions, drawETickets, type ETicketDrawing } from '../../src/e-ticket/draw-e-tickets';
import { renderETicket } from '../../src/e-ticket/render-e-ticket';
import { startThread } from '../start-orders';
import { facts } from './facts';

jest.setTimeout(60_000);

let begun: Worker[];
let drawing: ETicketDrawing;
afterEach(() => drawing.stop());

const start = (options: Partial<DrawOptions> = {}, thread = obedient) => {
  begun = [];
  drawing = drawETickets({
    startThread: () => {
      const worker = thread();
      begun.push(worker);
      return worker;
    },
    ...options,
  });
  return drawing;
};

/** Answers with the title; what the title says, it does instead. */
const obedient = () =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
    const orders = {
      hang() { for (;;); },
      exit() { process.exit(3); },
      throw() { throw new Error('out of ink'); },
      fail() { parentPort.postMessage({ failure: 'no such font' }); },
    };
    parentPort.on('message', ({ title }) => {
      const order = orders[title];
      if (order) order();
      else parentPort.postMessage({ pdf: new TextEncoder().encode(title) });
    });`,
    { eval: true },
  );
const draw = (title: string) => drawing.draw({ ...facts, title }).then(String);

it('draws what would be drawn here, and leaves the event loop to others', async () => {
  start({}, startThread);
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  const pdf = await drawing.draw(facts);
  clearInterval(counting);
  expect(pdf.equals(await renderETicket(facts))).toBe(true);
  expect(turns).toBeGreaterThan(50);
});

it('draws one after the other, in the order of asking, in one thread', async () => {
  start();
  expect(await Promise.all(['a', 'b', 'c', 'd'].map(draw))).toEqual(['a', 'b', 'c', 'd']);
  expect(begun).toHaveLength(1);
});

it('turns away whom it has no place for, and has a place again afterwards', async () => {
  start({ mostWaiting: 2 });
  const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map(draw));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(outcomes[4]).toMatchObject({
    reason: { status: 503, code: 'ETicketsBusy', options: { headers: { 'Retry-After': '2' } } },
  });
  expect(await draw('f')).toBe('f');
});

it('tells that no thread could be had, to each who waits, and begins one when it can', async () => {
  let none = true;
  start({
    startThread: () => {
      if (none) throw new Error('EAGAIN');
      return obedient();
    },
  });
  const outcomes = await Promise.allSettled(['a', 'b'].map(draw));
  const missing = { status: 'rejected', reason: new Error('no thread could be had to draw an e-ticket') };
  expect(outcomes).toEqual([missing, missing]);
  none = false;
  expect(await draw('c')).toBe('c');
});

it.each([
  ['hang', /not drawn within 4000 ms/, 2],
  ['exit', /ended with 3/, 2],
  ['throw', /out of ink/, 2],
  ['fail', /no such font/, 1],
])('an e-ticket at which the thread does %s is not drawn; those behind it are', async (order, failure, threads) => {
  start({ timeoutMs: 4_000 });
  await draw('first');
  const bad = draw(order);
  const good = draw('good');
  await expect(bad).rejects.toThrow(failure);
  expect(await good).toBe('good');
  expect(begun).toHaveLength(threads);
});

it('when it stops, then whoever waits is told, and the thread ends', async () => {
  start();
  await draw('a');
  const [thread] = begun;
  if (!thread) throw new Error('no thread was begun');
  const ended = once(thread, 'exit');
  const asked = Promise.allSettled([draw('hang'), draw('b')]);
  await drawing.stop();
  expect(await asked).toMatchObject([{ reason: { code: 'ETicketsBusy' } }, { reason: { code: 'ETicketsBusy' } }]);
  await ended;
});
