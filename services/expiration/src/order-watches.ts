// The actors as the rest of the service asks them: each call goes through the sidecar to wherever the actor lives.
import type { ActorCaller } from '@ticketing/common';

export const actorType = 'OrderExpiry';

export const orderWatches = (actors: ActorCaller) => ({
  watch: (orderId: string, expiresAt: string) => actors.call(actorType, orderId, 'watch', { expiresAt }),
  forget: (orderId: string) => actors.call(actorType, orderId, 'forget'),
});

export type OrderWatches = ReturnType<typeof orderWatches>;
