// The actors as other code asks them: one an order, watching over its deadline.
import type { ActorCaller } from '@ticketing/common';
import { z } from 'zod';

export const actorType = 'OrderExpiry';

export const watchArgument = z.object({ expiresAt: z.iso.datetime() });
export type WatchArgument = z.infer<typeof watchArgument>;

export interface OrderWatches {
  /** Again and again changes nothing. @throws NoAnswer when the actor did not say that it watches */
  watch(orderId: string, argument: WatchArgument): Promise<void>;
  /** @throws NoAnswer */
  forget(orderId: string): Promise<void>;
}

export const orderWatches = (actors: ActorCaller): OrderWatches => ({
  watch: (orderId, argument) => actors.call(actorType, orderId, 'watch', argument),
  forget: (orderId) => actors.call(actorType, orderId, 'forget'),
});
