/// <reference lib="dom" />
// `make vitals`: what a visitor waits for, page by page, in a headless Chromium against the production build: on this
// machine as it is, and as Lighthouse imitates a phone. Each figure is the median of some visits with nothing cached.
import { availableParallelism, loadavg } from 'node:os';
import type { BrowserContextOptions, CDPSession } from 'playwright-core';
import { openTown, type Person, type Town } from '../browser/open-marketplace';
import { startStack } from '../stack/start-stack';

interface Profile {
  name: string;
  window: BrowserContextOptions;
  /** How many times slower the processor is. */
  slowdown: number;
  network?: { latency: number; downloadThroughput: number; uploadThroughput: number };
}

const profiles: Profile[] = [
  { name: 'This machine, 1350 x 940', window: { viewport: { width: 1350, height: 940 } }, slowdown: 1 },
  {
    name: 'A phone: processor 4 times slower, 150 ms, 1.6 Mbps',
    window: { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true },
    slowdown: 4,
    network: { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 },
  },
];

const visits = Number(process.env.VISITS || 3);
const listed = 30;

interface Visit {
  lcpMs: number;
  /** Cumulative layout shift: the worst five seconds. */
  shift: number;
  /** Of every piece of script longer than 50 ms, what is above that. */
  blockedMs: number;
  ownScriptBytes: number;
  stripeScriptBytes: number;
}

async function main(): Promise<void> {
  const { PORT } = process.env;
  const stack = PORT ? undefined : await startStack({ portBase: 30_600 });
  const town = await openTown(stack?.url ?? `http://localhost:${PORT}`);
  try {
    const pages = await furnish(town);
    for (const profile of profiles) {
      // Times of a busy machine are worth little: who reads them should know.
      const busy = `${loadavg()[0]?.toFixed(1)} programs wanted the ${availableParallelism()} processors`;
      say(`\n${profile.name} (median of ${visits}; ${busy})\n`);
      row('Page', 'LCP', 'CLS', 'TBT', 'scripts, own', "Stripe's");
      for (const { name, path, visitor } of pages) {
        const all: Visit[] = [];
        for (let n = 0; n < visits; n++) all.push(await visit(town, path, visitor, profile));
        const median = (of: (visit: Visit) => number) => all.map(of).sort((a, b) => a - b)[Math.floor(visits / 2)] ?? 0;
        row(
          name,
          `${Math.round(median(({ lcpMs }) => lcpMs))} ms`,
          median(({ shift }) => shift).toFixed(3),
          `${Math.round(median(({ blockedMs }) => blockedMs))} ms`,
          `${kilobytes(median(({ ownScriptBytes }) => ownScriptBytes))} kB`,
          `${kilobytes(median(({ stripeScriptBytes }) => stripeScriptBytes))} kB`,
        );
      }
    }
  } finally {
    await town.close();
    await stack?.stop();
  }
}

interface VisitedPage {
  name: string;
  path: string;
  visitor?: Person;
}

async function furnish(town: Town): Promise<VisitedPage[]> {
  const suffix = Date.now().toString(36);
  const [seller, buyer] = await Promise.all([
    town.person(`vitals-seller-${suffix}`),
    town.person(`vitals-buyer-${suffix}`),
  ]);
  const list = async (n: number): Promise<string> => {
    const reply = await seller.request<{ id: string }>('POST', '/api/tickets', {
      title: `The Lighthouse Keepers, row ${n}`,
      price: 4_500 + n * 100,
      venue: 'Harbour Arena',
      startsAt: new Date(Date.now() + (n + 5) * 86_400_000).toISOString(),
    });
    return reply.body.id;
  };
  const ids: string[] = [];
  for (let n = 1; n <= listed; n++) ids.push(await list(n));
  const order = await buyer.request<{ id: string }>('POST', '/api/orders', { ticketId: ids[0] });
  if (order.status !== 201) throw new Error(`ordering was answered ${order.status}`);
  return [
    { name: 'Browse', path: '/' },
    { name: 'Ticket', path: `/tickets/${ids[1]}` },
    { name: 'Sign in', path: '/signin' },
    { name: 'Sell', path: '/sell', visitor: seller },
    { name: 'My listings', path: '/listings', visitor: seller },
    { name: 'At the door', path: '/door', visitor: seller },
    { name: 'Order, to be paid', path: `/orders/${order.body.id}`, visitor: buyer },
    { name: 'My orders', path: '/orders', visitor: buyer },
    { name: 'Account', path: '/account', visitor: buyer },
  ];
}

/** In a context of its own: nothing is cached, and nothing is left over. */
async function visit(town: Town, path: string, visitor: Person | undefined, profile: Profile): Promise<Visit> {
  const { context, page } = await town.stranger(profile.window);
  if (visitor) await context.addCookies(await visitor.context.cookies());
  const devtools = await context.newCDPSession(page);
  await slowDown(devtools, profile);
  const weights = await weighScripts(devtools);
  await page.addInitScript(watchVitals);
  await page.goto(path, { waitUntil: 'load', timeout: 60_000 });
  const seen = await page.evaluate(readVitals, { quietMs: 2_000, withinMs: 20_000 });
  const [own = 0, foreign = 0] = weights(new URL(page.url()).origin);
  await context.close();
  return { ...seen, ownScriptBytes: own, stripeScriptBytes: foreign };
}

async function slowDown(devtools: CDPSession, { slowdown, network }: Profile): Promise<void> {
  await devtools.send('Network.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  if (network) await devtools.send('Network.emulateNetworkConditions', { offline: false, ...network });
}

/** As they came over the wire, headers and all. @returns adds up what came so far: from this origin, from others */
async function weighScripts(devtools: CDPSession) {
  const scripts = new Map<string, { origin: string; bytes: number }>();
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') scripts.set(requestId, { origin: new URL(response.url).origin, bytes: 0 });
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const script = scripts.get(requestId);
    if (script) script.bytes = encodedDataLength;
  });
  return (origin: string): [number, number] => {
    const sum = (own: boolean) =>
      [...scripts.values()]
        .filter((each) => (each.origin === origin) === own)
        .reduce((all, { bytes }) => all + bytes, 0);
    return [sum(true), sum(false)];
  };
}

interface Watch {
  lcpMs: number;
  firstPaintMs: number;
  shifts: { at: number; value: number }[];
  tasks: { at: number; ms: number }[];
  lastAt: number;
}

/** Runs in the page, before anything of it; so it may name nothing of this file, nor functions of its own. */
function watchVitals(): void {
  const watch: Watch = { lcpMs: 0, firstPaintMs: 0, shifts: [], tasks: [], lastAt: 0 };
  Object.assign(globalThis, { vitals: watch });
  for (const type of ['largest-contentful-paint', 'paint', 'layout-shift', 'longtask', 'resource']) {
    new PerformanceObserver((list) => {
      watch.lastAt = performance.now();
      for (const entry of list.getEntries()) {
        const at = entry.startTime;
        if (type === 'largest-contentful-paint') watch.lcpMs = at;
        if (type === 'paint' && entry.name === 'first-contentful-paint') watch.firstPaintMs = at;
        if (type === 'longtask') watch.tasks.push({ at, ms: entry.duration });
        if (type === 'layout-shift') {
          watch.shifts.push({ at, value: (entry as PerformanceEntry & { value: number }).value });
        }
      }
    }).observe({ type, buffered: true });
  }
}

/** Runs in the page: waits until nothing has happened for a while. */
async function readVitals({ quietMs, withinMs }: { quietMs: number; withinMs: number }) {
  const watch = (globalThis as unknown as { vitals: Watch }).vitals;
  const endsAt = performance.now() + withinMs;
  while (performance.now() < endsAt && performance.now() - watch.lastAt < quietMs) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  let shift = 0;
  for (const { at } of watch.shifts) {
    const inWindow = watch.shifts.filter((other) => other.at >= at && other.at < at + 5_000);
    shift = Math.max(
      shift,
      inWindow.reduce((sum, { value }) => sum + value, 0),
    );
  }
  const blockedMs = watch.tasks
    .filter(({ at }) => at >= watch.firstPaintMs)
    .reduce((sum, { ms }) => sum + Math.max(0, ms - 50), 0);
  return { lcpMs: watch.lcpMs, shift, blockedMs };
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(1);
const row = (name: string, ...cells: string[]) =>
  say(`  ${name.padEnd(20)}${cells.map((cell) => cell.padStart(14)).join('')}`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
