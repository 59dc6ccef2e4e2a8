/** Misbehaviour on demand: what goes wrong, for which requests or events, and how often. */
import { z } from 'zod';

const matching = {
  /** `payment_intents.capture`; `*` stands for anything. */
  operation: z.string().optional(),
  method: z.enum(['GET', 'POST']).optional(),
  /** `/v1/payment_intents/*` */
  path: z.string().optional(),
};

const oftenness = {
  /** For the next so many matches; without it (and without probability), for all until removed. */
  times: z.number().int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
  /** The same seed misbehaves in the same places. */
  seed: z.number().int().default(1),
};

const ms = (fallback: number) => z.number().int().min(0).max(600_000).default(fallback);

export const faultSchema = z.discriminatedUnion('kind', [
  /** Waits before the work: the Idempotency-Key is in use meanwhile. */
  z.strictObject({ kind: z.literal('delay'), ...matching, ...oftenness, ms: ms(1000) }),
  /** Never begins the work, and never answers: the connection is cut after `ms`. */
  z.strictObject({ kind: z.literal('lose-request'), ...matching, ...oftenness, ms: ms(0) }),
  /** Does the work, then never answers: the connection is cut after `ms`. */
  z.strictObject({ kind: z.literal('lose-answer'), ...matching, ...oftenness, ms: ms(0) }),
  z.strictObject({ kind: z.literal('rate-limit'), ...matching, ...oftenness }),
  /** Answers 500, having done the work or not. */
  z.strictObject({ kind: z.literal('server-error'), ...matching, ...oftenness, workDone: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('drop-webhook'), event: z.string().optional(), ...oftenness }),
  z.strictObject({ kind: z.literal('delay-webhook'), event: z.string().optional(), ...oftenness, ms: ms(1000) }),
  z.strictObject({
    kind: z.literal('repeat-webhook'),
    event: z.string().optional(),
    ...oftenness,
    copies: z.number().int().min(1).max(100).default(1),
  }),
  /** Sends it after the next event instead of before; after `ms` when none follows. */
  z.strictObject({ kind: z.literal('reorder-webhook'), event: z.string().optional(), ...oftenness, ms: ms(2000) }),
]);

export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault['kind'];
type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

/** A request (operation, method, path) or an event (its type) that may be met by a fault. */
export interface Occasion {
  operation?: string;
  method?: string;
  path?: string;
  event?: string;
}

export class Faults {
  private active: { id: number; fault: Fault; left: number; struck: number; random: () => number }[] = [];
  private lastId = 0;

  add(fault: Fault): { id: number } {
    this.lastId += 1;
    this.active.push({ id: this.lastId, fault, left: fault.times ?? Infinity, struck: 0, random: seeded(fault.seed) });
    return { id: this.lastId };
  }

  /** The first fault of this kind that strikes now; each strike counts against `times`. */
  strike<Kind extends FaultKind>(kind: Kind, occasion: Occasion): FaultOf<Kind> | null {
    if (this.active.length === 0) return null;
    const struck = this.active.find(
      ({ fault, random }) => fault.kind === kind && matches(fault, occasion) && random() < (fault.probability ?? 1),
    );
    if (!struck) return null;
    struck.left -= 1;
    struck.struck += 1;
    if (struck.left <= 0) this.active = this.active.filter((other) => other !== struck);
    return struck.fault as FaultOf<Kind>;
  }

  /** What may still strike, how often at most, and how often it has. */
  list(): { id: number; fault: Fault; left: number | null; struck: number }[] {
    return this.active.map(({ id, fault, left, struck }) => ({
      id,
      fault,
      left: Number.isFinite(left) ? left : null,
      struck,
    }));
  }

  clear(): void {
    this.active = [];
  }
}

function matches(fault: Fault, occasion: Occasion): boolean {
  if ('event' in fault || 'event' in occasion) return fits(patternIn(fault, 'event'), occasion.event);
  return (['operation', 'method', 'path'] as const).every((field) => fits(patternIn(fault, field), occasion[field]));
}

const patternIn = (fault: Fault, field: keyof Occasion): string | undefined =>
  field in fault ? (fault as Occasion)[field] : undefined;

const fits = (pattern: string | undefined, actual = ''): boolean =>
  pattern === undefined || new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`).test(actual);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** mulberry32: small, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
