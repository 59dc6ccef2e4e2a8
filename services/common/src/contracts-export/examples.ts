// The same people and things in every example of the HTTP API.
export const ada = { id: '6740f1a05c1f8a2b9d3e4f10', email: 'ada@example.com' };
const sellerId = '6740f0e8a1b2c3d4e5f60718';
const orderId = '6740f2c41b3d5f7089abcdef';

export const ticket = {
  id: '6740f1339c8b7a6f5e4d3c2b',
  title: 'Ada and the Engines, Friday',
  venue: 'Analytical Hall, London',
  startsAt: '2026-12-11T19:30:00.000Z',
  price: 4500,
  currency: 'usd',
  userId: sellerId,
  orderId: null,
  sold: false,
  begun: false,
  version: 1,
  createdAt: '2026-11-21T09:58:11.000Z',
};

export const order = {
  id: orderId,
  userId: ada.id,
  ticketId: ticket.id,
  ticket: { id: ticket.id, title: ticket.title, venue: ticket.venue, startsAt: ticket.startsAt },
  status: 'AwaitingPayment',
  cancelReason: null,
  expiresAt: '2026-11-21T10:15:00.000Z',
  price: ticket.price,
  currency: 'usd',
  createdAt: '2026-11-21T10:00:00.000Z',
  refundedAt: null,
  version: 1,
};

export const eTicketCode = 'RF1.K7.6740F2C41B3D5F7089ABCDEF.6740F1339C8B7A6F5E4D3C2B.3XQ9Z1V7M4K8T2B6N0P5R8W1YC';

export const eTicketChecked = {
  verdict: 'valid',
  forgery: null,
  ticket: order.ticket,
  orderId,
  usedAt: '2026-12-11T18:52:07.000Z',
  refundedAt: null,
};

export const payment = {
  id: orderId,
  clientSecret: 'pi_3QNc2LxAmPLe_secret_k4VxSample',
  publishableKey: 'pk_test_sample',
  amount: ticket.price,
  currency: 'usd',
};

export const charge = {
  id: 'b1946ac92492d2347c6235b4',
  orderId,
  status: 'Completed',
  amount: ticket.price,
  currency: 'usd',
  stripeId: 'ch_3QNc2LxAmPLe',
  stripeRefundId: null,
};

export const nextCursor = 'eyJpZCI6IjY3NDBmMTMzOWM4YjdhNmY1ZTRkM2MyYiJ9';
