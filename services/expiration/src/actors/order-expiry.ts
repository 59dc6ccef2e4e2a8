// One actor an order. Its state (in Redis) holds the deadline, its reminder fires when it has come and then again and
// again until orders says that the order has ended: a lost event or a crash in between costs one period, not the hold.
import {
  type ActorContext,
  type ActorDefinition,
  type Clock,
  type EventPublisher,
  makeEvent,
  type NewId,
  OrderExpired,
} from '@ticketing/common';
import { isOver, onFiring, type Watch } from '../domain/order-watch';
import { actorType, watchArgument } from '../order-watches';
import type { OrderStatusOf } from '../orders/ask-orders';

export interface OrderExpiryDeps {
  events: EventPublisher;
  orderStatus: OrderStatusOf;
  clock: Clock;
  newId: NewId;
  /** How long after a firing without effect the next one comes. */
  periodMs: number;
}

const stateKey = 'watch';
const reminderName = 'expiry';

export function orderExpiry(deps: OrderExpiryDeps): ActorDefinition {
  return {
    type: actorType,
    methods: {
      watch: async (actor, argument) => {
        const { expiresAt } = watchArgument.parse(argument);
        await actor.setState(stateKey, { expiresAt, firings: 0 } satisfies Watch);
        await actor.remind(reminderName, {
          dueMs: Date.parse(expiresAt) - deps.clock.now().getTime(),
          periodMs: deps.periodMs,
        });
      },
      // A turn that fails half-way is taken again with its event, so both may go at once.
      forget: async (actor) => {
        await actor.cancelReminder(reminderName);
        await actor.removeState(stateKey);
      },
    },
    onReminder: (actor) => fire(deps, actor),
  };
}

async function fire({ events, orderStatus, clock, newId }: OrderExpiryDeps, actor: ActorContext): Promise<void> {
  const watch = await actor.getState<Watch>(stateKey);
  if (!watch) return actor.cancelReminder(reminderName);
  const step = onFiring(watch, clock.now());
  if (step === 'wait') return;
  // State first, and the reminder when it fires once more: it is what would try again if this turn were lost, and the
  // state would stay for ever without it.
  if (step === 'ask' && isOver(await orderStatus(actor.id))) return actor.removeState(stateKey);
  // A fresh id each time: a broker that drops repeats must not take the second telling for the first.
  const stamp = { id: `${actor.id}:${newId()}`, subject: actor.id, time: clock.now() };
  await events.publish('expirations', [
    makeEvent(OrderExpired, stamp, { orderId: actor.id, expiresAt: watch.expiresAt }),
  ]);
  await actor.setState(stateKey, { ...watch, firings: watch.firings + 1 } satisfies Watch);
}
