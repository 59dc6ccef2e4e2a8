import { describeDuration } from '@/components/describe-duration';
import { readConfiguration } from './configuration';

/** How long a ticket is held for whoever buys it, in words: `15 minutes`. */
export const holdTime = (): string => describeDuration(readConfiguration().holdMs);
