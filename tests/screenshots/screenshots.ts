// `make screenshots`: every page and state in pictures, to be looked at. What they are to look like nobody but a person
// can say; that each state is reached at all is seen here, too.
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { openAlbum } from './album';
import { accountScenes } from './scenes/account-scenes';
import { browseScenes, emptyMarketScenes } from './scenes/browse-scenes';
import { doorScenes } from './scenes/door-scenes';
import { orderScenes } from './scenes/order-scenes';
import { sellingScenes } from './scenes/selling-scenes';
import { ticketScenes } from './scenes/ticket-scenes';
import { troubleScenes } from './scenes/trouble-scenes';
import { playOn } from './stage';

const repository = join(__dirname, '../..');
const allWidths = [360, 390, 1280, 1920];
const mostMinutes = 20;

const scenes = [
  ...browseScenes,
  ...ticketScenes,
  ...sellingScenes,
  ...orderScenes,
  ...doorScenes,
  ...accountScenes,
  ...troubleScenes,
];

const help = `Writes a picture of every page and state, at ${allWidths.join(', ')} wide, light and dark.

Usage: make screenshots [ONLY=order] [WIDTHS=390,1280] [PORT=3000]
       npx tsx tests/screenshots/screenshots.ts [--only PATTERN] [--widths LIST] [--to FOLDER] [--list]

  ONLY, --only     states whose names fit this pattern; --list names them all
  WIDTHS, --widths these widths only
  --to             where to; default: screenshots/, which git ignores. It is emptied, unless --only is given
  PORT             of a marketplace that runs already; without it one is started. Given, it has new people and tickets
                   afterwards, and what can be shown only by halting a service is left out

Open screenshots/index.html to see them together. All take some six minutes, and never more than ${mostMinutes}.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: process.env.ONLY || '' },
      widths: { type: 'string', default: process.env.WIDTHS || allWidths.join(',') },
      to: { type: 'string', default: join(repository, 'screenshots') },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return say(help.trimEnd());
  const wanted = new RegExp(values.only);
  const names = [...emptyMarketScenes, ...scenes].map(({ name }) => name).filter((name) => wanted.test(name));
  if (values.list) return say(names.join('\n'));
  if (names.length === 0) throw new Error(`No state fits ${wanted}; --list names them.`);
  const widths = values.widths.split(',').map(Number);
  if (!widths.every((width) => width >= 200 && width <= 4_000)) throw new Error('WIDTHS are pixels, such as 390,1280.');

  if (!values.only) rmSync(values.to, { recursive: true, force: true });
  mkdirSync(values.to, { recursive: true });
  const album = openAlbum({
    names,
    widths,
    folder: values.to,
    endsAtMs: performance.now() + mostMinutes * 60_000,
    say,
  });
  await playOn({
    port: process.env.PORT ? Number(process.env.PORT) : undefined,
    say,
    whileEmpty: (stage) => album.add(stage, emptyMarketScenes),
    whenFilled: (stage) => album.add(stage, scenes),
  });
  const { pictures, failures } = album.close();
  say(`${pictures} pictures: ${relative(process.cwd(), join(values.to, 'index.html'))}`);
  if (failures.length > 0) throw new Error(`Not reached: ${failures.join(', ')}`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
