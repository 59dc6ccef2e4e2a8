/** Where time comes from, so that a test can let an authorisation lapse. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Stripe's timestamps. */
export const secondsOf = (clock: Clock): number => Math.floor(clock.now().getTime() / 1000);
