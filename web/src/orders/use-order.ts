import { useCallback, useEffect, useState } from 'react';
import { problemFrom } from '@/api/call';
import type { Problem } from '@/api/problem';
import { type ClockReading, type ClockSample, corrected, readingOnPage, serverNowMs } from '@/countdown/server-clock';
import { watchForGaps } from '@/countdown/watch-for-gaps';
import { type OrderStage, stageOf } from './describe-order';
import { orderChanges } from './order-changes';
import { newer, type OrderFacts, readFacts } from './read-facts';
import { lookAgainInMs } from './when-to-look-again';

export interface WatchedOrder extends OrderFacts {
  /** By the server's clock, now. */
  stage: OrderStage;
  clock: ClockReading;
  /** Why the order could not be read the last time; what is shown may be stale. */
  problem: Problem | undefined;
  look: () => Promise<void>;
  /** The order is about to change: read it now, and again until it does. Other tabs do the same. */
  expectChange: () => void;
}

/**
 * An order that is always as the server has it: read again when the page is shown, focused or online again, when
 * another tab did something to it, when its time is over, and every minute.
 * @param renderedAtMs the server's clock when it rendered the page
 */
export function useOrder(initial: OrderFacts, renderedAtMs: number): WatchedOrder {
  const { id } = initial.order;
  const [facts, setFacts] = useState(initial);
  const [clock, setClock] = useState<ClockReading>(() => readingOnPage(renderedAtMs, performance.now()));
  const [problem, setProblem] = useState<Problem>();
  // Whoever opens the page may have left it while it paid: the outcome of that may still be on its way.
  const [expecting, setExpecting] = useState(true);
  const [looks, setLooks] = useState(0);

  const look = useCallback(async () => {
    const hear = (sample: ClockSample) => setClock((reading) => corrected(reading, sample));
    try {
      const read = await readFacts(id, hear);
      setFacts((known) => newer(known, read));
      setProblem(undefined);
    } catch (error) {
      const refusal = problemFrom(error);
      // Without a connection the whole page says so, once, and nothing moves under the hand of whoever presses "Pay".
      setProblem(refusal.code === 'Unreachable' && !navigator.onLine ? undefined : refusal);
    } finally {
      setLooks((before) => before + 1);
    }
  }, [id]);

  const { order } = facts;
  const followChange = useCallback(() => {
    setExpecting(true);
    setLooks(0);
    void look();
  }, [look]);
  const expectChange = useCallback(() => {
    orderChanges.tell(id);
    followChange();
  }, [id, followChange]);

  useEffect(() => {
    void look();
    const ends = [watchForGaps(() => void look()), orderChanges.hear((changed) => changed === id && followChange())];
    return () => {
      for (const end of ends) end();
    };
  }, [id, look, followChange]);

  useEffect(() => {
    const waitMs = lookAgainInMs(order, serverNowMs(clock, performance.now()), expecting, looks);
    if (waitMs === undefined) return undefined;
    const timer = setTimeout(() => void look(), waitMs);
    return () => clearTimeout(timer);
  }, [order, clock, expecting, looks, look]);

  const stage = stageOf(order, serverNowMs(clock, performance.now()));
  return { ...facts, stage, clock, problem, look, expectChange };
}
