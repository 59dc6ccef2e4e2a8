// What time it is at the server, told without the device's clock: that may be minutes off, or be changed meanwhile.
// Between two answers of the server the page's own steady clock (performance.now()) goes on; it may stand still while
// a laptop sleeps, which the next answer puts right.

/** What the server's clock said, and where the steady clock stood then. Both in milliseconds. */
export interface ClockReading {
  serverMs: number;
  steadyMs: number;
}

/** The same, and how far off it may be. */
export interface ClockSample extends ClockReading {
  toleranceMs: number;
}

export const serverNowMs = (reading: ClockReading, steadyMs: number): number =>
  reading.serverMs + (steadyMs - reading.steadyMs);

/** By when the server rendered it: where the steady clock stood when the page was first seen, in this tab. */
const firstSeenMs = new Map<number, number>();

/**
 * The clock of a page that is shown, as the steady clock stands now. The browser may show it again minutes after it was
 * sent, on the way back from another page: that it was rendered at `renderedAtMs` was true when it was first shown.
 */
export function readingOnPage(renderedAtMs: number, steadyMs: number): ClockReading {
  // On the server nothing is shown again, and what visitors see is none of each other's.
  if (typeof window === 'undefined') return { serverMs: renderedAtMs, steadyMs };
  const seenMs = firstSeenMs.get(renderedAtMs) ?? steadyMs;
  firstSeenMs.set(renderedAtMs, seenMs);
  return { serverMs: serverNowMs({ serverMs: renderedAtMs, steadyMs: seenMs }, steadyMs), steadyMs };
}

/** A `Date` header tells whole seconds: the moment is up to one later, half of one on average. */
const headerToleranceMs = 500;

/**
 * What an answer tells about the server's clock; nothing when it has no readable `Date` header.
 * @param askedAtMs the steady clock when the request left
 * @param answeredAtMs the steady clock when the answer's head was there
 */
export function sampleOf(dateHeader: string | null, askedAtMs: number, answeredAtMs: number): ClockSample | undefined {
  const saidMs = Date.parse(dateHeader ?? '');
  if (Number.isNaN(saidMs)) return undefined;
  return {
    serverMs: saidMs + headerToleranceMs,
    steadyMs: (askedAtMs + answeredAtMs) / 2,
    toleranceMs: headerToleranceMs + (answeredAtMs - askedAtMs) / 2,
  };
}

/** Keeps the reading while the sample agrees with it, so that the seconds shown do not jump to and fro. */
export function corrected(reading: ClockReading, sample: ClockSample): ClockReading {
  const differenceMs = serverNowMs(reading, sample.steadyMs) - sample.serverMs;
  if (Math.abs(differenceMs) <= sample.toleranceMs) return reading;
  return { serverMs: sample.serverMs, steadyMs: sample.steadyMs };
}
