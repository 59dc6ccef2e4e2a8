// A thread of its own, which draws one e-ticket after the other: see draw-e-tickets.ts.
import { parentPort } from 'node:worker_threads';
import { type ETicketFacts, renderETicket } from './render-e-ticket';

/** What the thread answers: the PDF, or why there is none. */
export type Drawn = { pdf: Uint8Array } | { failure: string };

parentPort?.on('message', async (facts: ETicketFacts) => {
  parentPort?.postMessage(await drawn(facts));
});

async function drawn(facts: ETicketFacts): Promise<Drawn> {
  try {
    return { pdf: await renderETicket(facts) };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
