// All that the notifications service does: it has no routes, only ears.
import { createHttpApp, type HttpAppOptions } from '@ticketing/common';
import type { Application } from 'express';
import type { Post } from './data/post-office';
import type { Recipients } from './data/recipients';
import type { PageUrls } from './domain/mails/wording';
import { onChargeFailed } from './events/on-charge-failed';
import { onChargeRefunded } from './events/on-charge-refunded';
import { onOrderCancelled } from './events/on-order-cancelled';
import { onOrderCompleted } from './events/on-order-completed';
import { onUserCreated } from './events/on-user-created';
import { onUserUpdated } from './events/on-user-updated';

export interface Deps
  extends Pick<HttpAppOptions, 'appApiToken' | 'eventBatchWaitMs' | 'trustProxy' | 'checkReady' | 'log' | 'metrics'> {
  recipients: Recipients;
  post: Post;
  pages: PageUrls;
}

export const createApp = (deps: Deps): Application =>
  createHttpApp({
    ...deps,
    subscriptions: [
      { topic: 'users', handlers: { ...onUserCreated(deps), ...onUserUpdated(deps) } },
      { topic: 'orders', handlers: { ...onOrderCompleted(deps), ...onOrderCancelled(deps) } },
      { topic: 'charges', handlers: { ...onChargeFailed(deps), ...onChargeRefunded(deps) } },
    ],
  });
