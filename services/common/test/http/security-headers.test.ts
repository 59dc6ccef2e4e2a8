import { Router } from 'express';
import request from 'supertest';
import { createHttpApp, createMetrics, silentLog } from '../../src';

const routes = Router();
routes.get('/things', (_req, res) => {
  res.json([]);
});
const app = createHttpApp({ log: silentLog, metrics: createMetrics('test'), routes, trustProxy: 1 });

test('An answer is data to browsers, and says nothing of HTTPS for hosts that it does not know', async () => {
  const { headers } = await request(app).get('/api/things').set('X-Forwarded-Proto', 'https');
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  expect(headers).not.toHaveProperty('strict-transport-security');
});
