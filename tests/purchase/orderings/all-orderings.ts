// Every ordering there is, none drawn: which line of which doing, which other doing, which fault at which line.
import { type Doing, doings, placeOrder } from './doings';
import { type Fault, type FaultKind, faultKinds, type Ordering, type Played, playOrdering } from './play-ordering';
import { type Beginning, createWorld, type Removal, type World } from './world';

/** Orderings of the same doings and kinds of faults. */
export interface Tally {
  first: Doing;
  second?: Doing;
  faults: FaultKind[];
  orderings: number;
  completed: number;
  cancelled: number;
}

/** Everything that may come between the lines of anything. */
export const allDoings = Object.keys(doings) as Doing[];
/** Those that are played with faults as triples. */
export const namedDoings: Doing[] = ['settle', 'webhook', 'expiry', 'cancel', 'decline', 'last decline', 'retry'];

export class WrongEnd extends Error {}

interface Beginnings {
  unopened: Beginning;
  opened: Beginning;
  declinedTwice: Beginning;
  paid: Beginning;
}

let prepared: Promise<Beginnings> | undefined;

async function prepare(): Promise<Beginnings> {
  const world = await createWorld();
  try {
    await placeOrder(world);
    const unopened = world.remember();
    await doings.open(world);
    const opened = world.remember();
    await doings.settle(world);
    await world.reconcile();
    const paid = world.remember();
    world.begin(opened, () => 'go');
    await doings.decline(world);
    await doings.decline(world);
    return { unopened, opened, declinedTwice: world.remember(), paid };
  } finally {
    await world.close();
  }
}

/**
 * Where the doings make sense: a payment that is being opened was not open; a last decline is not the first; what an
 * operator gives back, and is interrupted in it, was taken.
 */
export async function beginningOf(...done: Doing[]): Promise<Beginning> {
  prepared ??= prepare();
  const { unopened, opened, declinedTwice, paid } = await prepared;
  if (done[0] === 'refund') return paid;
  if (done.includes('open')) return unopened;
  return done.includes('last decline') ? declinedTwice : opened;
}

/** The second before each line of the first, and after its last. @throws WrongEnd */
export const playPair = (first: Doing, second: Doing, removal?: Removal): Promise<Tally[]> =>
  counted(removal, async (play) => {
    const beginning = await beginningOf(first, second);
    for (const at of placesAfter(0, await play.unseen({ first }, beginning)))
      await play({ first, second: { doing: second, at } }, beginning, at === Number.POSITIVE_INFINITY);
  });

/** Each fault at each of its lines. @throws WrongEnd */
export const playFault = (
  first: Doing,
  removal?: Removal,
  kinds: readonly FaultKind[] = faultKinds,
): Promise<Tally[]> =>
  counted(removal, async (play) => {
    const beginning = await beginningOf(first);
    const undisturbed = await play.unseen({ first }, beginning);
    for (const fault of faultsOf(undisturbed))
      if (kinds.includes(fault.kind)) await play({ first, faults: [fault] }, beginning, true);
  });

/**
 * Each fault at each of its lines of each ordering of the two: of both from where the second came, and of the first
 * alone, the second then coming before each line that is left, or after. @throws WrongEnd
 */
export const playPairWithFault = (first: Doing, second: Doing, removal?: Removal): Promise<Tally[]> =>
  counted(
    removal,
    async (play) => {
      const beginning = await beginningOf(first, second);
      const alone = await play.unseen({ first }, beginning);
      for (const at of placesAfter(0, alone)) {
        const ordering = { first, second: { doing: second, at } };
        const undisturbed = await play.unseen(ordering, beginning);
        const faults = faultsOf(undisturbed).filter(({ kind, at: nth }) => nth > undisturbed.occasionsBefore[kind]);
        for (const fault of faults) await play({ ...ordering, faults: [fault] }, beginning);
      }
      for (const fault of faultsOf(alone)) {
        const disturbed = await play.unseen({ first, faults: [fault] }, beginning);
        for (const at of placesAfter(disturbed.struckAtLine, disturbed))
          await play({ first, second: { doing: second, at }, faults: [fault] }, beginning);
      }
    },
    true,
  );

/** Each fault at each of its lines, and then another one at each line from there on, reconcilers' included. @throws WrongEnd */
export const playTwoFaults = (first: Doing, removal?: Removal): Promise<Tally[]> =>
  counted(
    removal,
    async (play) => {
      const beginning = await beginningOf(first);
      const undisturbed = await play.unseen({ first }, beginning);
      for (const fault of faultsOf(undisturbed)) {
        const disturbed = await play.unseen({ first, faults: [fault] }, beginning);
        for (const another of faultsOf(disturbed)) await play({ first, faults: [fault, another] }, beginning);
      }
    },
    true,
  );

interface Play {
  (ordering: Ordering, beginning: Beginning, repeats?: boolean): Promise<void>;
  /** Played to learn of its lines: it is counted elsewhere. */
  unseen(ordering: Ordering, beginning: Beginning): Promise<Played>;
}

/**
 * @param eachInItsOwn world: who is told of an event first is then drawn alike each time, and where a fault can strike in
 * one ordering it can in the next
 */
async function counted(
  removal: Removal | undefined,
  work: (play: Play) => Promise<void>,
  eachInItsOwn = false,
): Promise<Tally[]> {
  const tallies = new Map<string, Tally>();
  let world: World = await createWorld(removal);
  const unseen = async (ordering: Ordering, beginning: Beginning, repeats = false) => {
    if (eachInItsOwn) {
      await world.close();
      world = await createWorld(removal);
    }
    const played = await playOrdering(world, ordering, { beginning, repeats });
    const wrong = [...played.violations, ...notPlayed(ordering, played)];
    if (wrong.length > 0) throw new WrongEnd([describe(ordering), ...wrong, ...played.journal].join('\n'));
    return played;
  };
  const play = async (ordering: Ordering, beginning: Beginning, repeats = false) => {
    const { ended } = await unseen(ordering, beginning, repeats);
    const { first, second } = ordering;
    const faults = (ordering.faults ?? []).map(({ kind }) => kind);
    const key = faults.join();
    const tally = tallies.get(key) ?? {
      first,
      ...(second ? { second: second.doing } : {}),
      faults,
      orderings: 0,
      completed: 0,
      cancelled: 0,
    };
    tally.orderings += 1;
    tally[ended === 'Completed' ? 'completed' : 'cancelled'] += 1;
    tallies.set(key, tally);
  };
  try {
    await work(Object.assign(play, { unseen }));
    return [...tallies.values()];
  } finally {
    await world.close();
  }
}

/** Before each line of the first from there on, and after its last. */
const placesAfter = (line: number, { linesOfFirst }: Played): number[] => [
  ...Array.from({ length: linesOfFirst - line }, (_, n) => line + n + 1),
  Number.POSITIVE_INFINITY,
];

const faultsOf = ({ occasions }: Played): Fault[] =>
  faultKinds.flatMap((kind) => Array.from({ length: occasions[kind] }, (_, n) => ({ kind, at: n + 1 })));

/** Were the lines not the same each time, some orderings would be counted and never played. */
function notPlayed({ second, faults = [] }: Ordering, { cameBetween, struck }: Played): string[] {
  const wrong: string[] = [];
  if (second && Number.isFinite(second.at) && !cameBetween) wrong.push(`there was no line ${second.at}`);
  if (struck < faults.length) wrong.push(`only ${struck} of ${faults.length} faults struck`);
  return wrong;
}

const describe = ({ first, second, faults = [] }: Ordering): string =>
  [
    first,
    ...(second ? [`${second.doing} before its line ${second.at}`] : []),
    ...faults.map(({ kind, at }) => `${kind} at occasion ${at}`),
  ].join(', ');
