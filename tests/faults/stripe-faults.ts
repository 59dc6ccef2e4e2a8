// A Stripe that misbehaves at every tenth request and at every other webhook: the simulator's controls, with a seed.

export interface StripeFaults {
  /** From now on. */
  misbehave(faults: readonly Fault[]): Promise<void>;
  /** Ends it. @returns how often each fault has struck */
  behave(): Promise<Record<string, number>>;
}

export interface Fault {
  kind: string;
  /** How it is told; its kind when left out. */
  called?: string;
  [setting: string]: unknown;
}

/** Each of them, in an order in which the rarer ones get their turn. */
export const everything = (seed: number): Fault[] =>
  [
    { called: 'time-out after the work', kind: 'lose-answer', ms: 20_000, probability: 0.004 },
    { called: 'time-out before the work', kind: 'lose-request', ms: 20_000, probability: 0.004 },
    { kind: 'lose-request', probability: 0.03 },
    { kind: 'lose-answer', probability: 0.04 },
    { kind: 'rate-limit', probability: 0.03 },
    { called: '500 before the work', kind: 'server-error', probability: 0.02 },
    { called: '500 after the work', kind: 'server-error', probability: 0.02, workDone: true },
    { kind: 'delay', probability: 0.03, ms: 1_500 },
    { kind: 'drop-webhook', probability: 0.2 },
    { kind: 'reorder-webhook', probability: 0.15, ms: 2_000 },
    { kind: 'repeat-webhook', probability: 0.2, copies: 2 },
    { kind: 'delay-webhook', probability: 0.2, ms: 3_000 },
  ].map((fault, index) => ({ ...fault, seed: seed + index }));

export function stripeFaults(simulatorUrl: string): StripeFaults {
  const names = new Map<number, string>();
  const admin = async <Body>(method: string, body?: unknown): Promise<Body> => {
    const answer = await fetch(`${simulatorUrl}/_admin/faults`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${JSON.stringify(body)}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Body;
  };
  return {
    async misbehave(faults) {
      for (const { called, ...fault } of faults) {
        const { id } = await admin<{ id: number }>('POST', fault);
        names.set(id, called ?? fault.kind);
      }
    },
    async behave() {
      const struck = await admin<{ id: number; struck: number }[]>('GET');
      await admin('DELETE');
      return Object.fromEntries(struck.map(({ id, struck: times }) => [names.get(id) ?? String(id), times]));
    },
  };
}
