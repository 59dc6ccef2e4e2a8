import { authenticatePaymentIntent } from './authenticate-payment-intent';
import { cancelPaymentIntent } from './cancel-payment-intent';
import { capturePaymentIntent } from './capture-payment-intent';
import { confirmPaymentIntent } from './confirm-payment-intent';
import { createPaymentIntent } from './create-payment-intent';
import { createRefund } from './create-refund';
import { closeDispute, listDisputes, retrieveDispute, updateDispute } from './disputes';
import { listEvents, retrieveEvent } from './events';
import { listCharges } from './list-charges';
import { listPaymentIntents } from './list-payment-intents';
import { listRefunds } from './list-refunds';
import { createPaymentMethod, retrievePaymentMethod } from './payment-methods';
import { retrieveCharge } from './retrieve-charge';
import { retrievePaymentIntent } from './retrieve-payment-intent';
import { retrieveRefund } from './retrieve-refund';
import type { AnyRoute } from './route';
import { updatePaymentIntent } from './update-payment-intent';

const routes: readonly AnyRoute[] = [
  createPaymentIntent,
  retrievePaymentIntent,
  updatePaymentIntent,
  listPaymentIntents,
  confirmPaymentIntent,
  authenticatePaymentIntent,
  capturePaymentIntent,
  cancelPaymentIntent,
  createRefund,
  retrieveRefund,
  listRefunds,
  listDisputes,
  retrieveDispute,
  updateDispute,
  closeDispute,
  retrieveCharge,
  listCharges,
  retrieveEvent,
  listEvents,
  createPaymentMethod,
  retrievePaymentMethod,
];

const bySkeleton = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));

/** `/v1/things`, `/v1/things/:id` or `/v1/things/:id/action`. */
export function findRoute(method: string, path: string): { route: AnyRoute; id: string } | null {
  const [, version, things, id, action, ...rest] = path.split('/');
  if (rest.length > 0) return null;
  const skeleton = `/${version}/${things}${id === undefined ? '' : '/:id'}${action === undefined ? '' : `/${action}`}`;
  const route = bySkeleton.get(`${method} ${skeleton}`);
  return route ? { route, id: id ?? '' } : null;
}
