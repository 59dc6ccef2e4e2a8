import { duration } from '@ticketing/common';

/** What the service reads from its environment, beside what every service reads. */
export const settings = {
  /** How long after a firing without effect the next one comes. */
  REMINDER_PERIOD: duration('5s'),
};
