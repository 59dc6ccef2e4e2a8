import type { ETicketFacts } from '../../src/e-ticket/render-e-ticket';

export const facts: ETicketFacts = {
  orderId: '6740f2c41b3d5f7089abcdef',
  title: 'Ada and the Engines, Friday',
  venue: 'Analytical Hall, London',
  startsAt: new Date('2026-12-11T19:30:00Z'),
  priceCents: 4500,
  orderedAt: new Date('2026-11-21T10:00:00Z'),
  buyer: 'bob@example.com',
  code: 'RF1.K1.6740F2C41B3D5F7089ABCDEF.6740F1339C8B7A6F5E4D3C2B.3XQ9Z1V7M4K8T2B6N0P5R8W1YC',
  zone: 'Europe/London',
};
