// Drawing takes a tenth of a second of a processor. It is done in a thread beside the one that answers requests, one
// e-ticket at a time, for a bounded number of people: docs/decisions/0027.
import type { Worker } from 'node:worker_threads';
import { Problem } from '@ticketing/common';
import type { Drawn } from './draw-in-thread';
import type { ETicketFacts } from './render-e-ticket';

export interface DrawOptions {
  /** One that runs draw-in-thread; begun with the first e-ticket, and again when one has ended. */
  startThread: () => Worker;
  /** How many may wait for their turn; more are turned away at once. */
  mostWaiting?: number;
  /** A thread that takes longer for one e-ticket is ended. */
  timeoutMs?: number;
}

export interface ETicketDrawing {
  /**
   * @throws Problem 503 when too many wait already
   * @throws Error when it cannot be drawn
   */
  draw(facts: ETicketFacts): Promise<Buffer>;
  /** Draws nothing more; whoever waits is told. */
  stop(): Promise<void>;
}

interface Job {
  facts: ETicketFacts;
  resolve(pdf: Buffer): void;
  reject(error: Error): void;
}

export function drawETickets({ startThread, mostWaiting = 30, timeoutMs = 20_000 }: DrawOptions): ETicketDrawing {
  const waiting: Job[] = [];
  let inHand: Job | undefined;
  let timer: NodeJS.Timeout | undefined;
  let thread: Worker | undefined;

  const next = () => {
    inHand = waiting.shift();
    if (!inHand) return thread?.unref();
    try {
      thread ??= begin();
    } catch (error) {
      return end(new Error('no thread could be had to draw an e-ticket', { cause: error }));
    }
    thread.ref();
    timer = setTimeout(() => end(new Error(`an e-ticket was not drawn within ${timeoutMs} ms`)), timeoutMs);
    thread.postMessage(inHand.facts);
  };

  const begin = (): Worker => {
    const begun = startThread();
    const whileInUse =
      <Said>(hear: (said: Said) => void) =>
      (said: Said) => {
        if (thread === begun) hear(said);
      };
    begun.on('message', whileInUse(take));
    begun.on('error', whileInUse(end));
    begun.on(
      'exit',
      whileInUse((code: number) => end(new Error(`the drawing thread ended with ${code}`))),
    );
    return begun;
  };

  const take = (drawn: Drawn) => {
    clearTimeout(timer);
    if ('pdf' in drawn) inHand?.resolve(Buffer.from(drawn.pdf));
    else inHand?.reject(new Error(`an e-ticket could not be drawn: ${drawn.failure}`));
    next();
  };

  /** With the e-ticket that it had in hand, which may be what ended it: the others get another thread. */
  const end = (error: Error) => {
    clearTimeout(timer);
    void thread?.terminate();
    thread = undefined;
    inHand?.reject(error);
    next();
  };

  return {
    draw: (facts) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= mostWaiting) throw tooMany();
        waiting.push({ facts, resolve, reject });
        if (!inHand) next();
      }),
    async stop() {
      for (const { reject } of waiting.splice(0)) reject(tooMany());
      const ended = thread;
      end(tooMany());
      await ended?.terminate();
    },
  };
}

const tooMany = () =>
  new Problem(503, 'ETicketsBusy', 'Many people fetch their e-tickets right now. Try again in a moment.', {
    headers: { 'Retry-After': '2' },
  });
