// The Express app that every service is: the same guards, health, metrics and problem documents around its own routes.
import express, {
  type Application,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Router,
} from 'express';
import helmet from 'helmet';
import { requireSidecar, type Subscription, subscriptionRoutes } from '../dapr';
import { isDatabaseUnreachable } from '../mongo/database-unreachable';
import { currentTraceparent, type Log, type Metrics, traceIdOf, withTrace } from '../observability';
import { Problem } from './problem';
import { refuseOtherMethods, refuseUnknownQuery } from './refuse-unknown';
import { sameOrigin } from './same-origin';

export interface HttpAppOptions {
  log: Log;
  metrics: Metrics;
  /** What browsers reach, below `/api`. */
  routes?: Router;
  /** Routes that read their body raw (a signature is over bytes); mounted before any body parser. */
  rawRoutes?: Router;
  /** What other services reach through the sidecars, below `/internal`. */
  internalRoutes?: Router;
  subscriptions?: readonly Subscription[];
  /** `EVENT_BATCH_WAIT`. */
  eventBatchWaitMs?: number;
  /** Where the actors' routes are mounted. */
  actors?: Application;
  /** daprd proves by it that it is daprd. */
  appApiToken?: string | undefined;
  trustProxy?: number;
  /** Throws, with a sentence, when the service cannot serve. */
  checkReady?: () => Promise<void> | void;
}

const bodyLimit = '64kb';

/** For answers that are data: nothing in them may run, be framed or be read by another site's page. */
const securityHeaders = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  // Said by who speaks HTTPS, the ingress, and by pages: a service does not know whether all of its hosts have it.
  strictTransportSecurity: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

export function createHttpApp(options: HttpAppOptions): Application {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustProxy ?? 0);
  app.set('query parser', 'simple');
  app.use(traced);
  app.use(measured(options.metrics, options.log));
  const fromSidecar = requireSidecar(options.appApiToken);
  const json = express.json({ limit: bodyLimit });

  const publicRoutes = [options.rawRoutes, options.routes].filter((router) => router !== undefined);
  app.use('/api', securityHeaders, sameOrigin);
  app.use('/api', refuseOtherMethods(...publicRoutes), refuseUnknownQuery(...publicRoutes));
  if (options.rawRoutes) app.use('/api', options.rawRoutes);
  if (options.routes) app.use('/api', jsonOnly, json, options.routes);
  if (options.internalRoutes) {
    const { internalRoutes } = options;
    app.use('/internal', fromSidecar, refuseOtherMethods(internalRoutes), json, internalRoutes);
  }
  app.use(['/dapr/subscribe', '/events'], fromSidecar);
  app.use(subscriptionRoutes(options.subscriptions ?? [], options));
  if (options.actors) app.use(['/actors', '/dapr/config'], fromSidecar).use(options.actors);
  const health = healthRoutes(options);
  app.use(refuseOtherMethods(health), health);
  app.use((req) => {
    throw new Problem(404, 'NotFound', `There is nothing at ${req.path}.`);
  });
  app.use(answerProblem(options.log));
  return app;
}

const traced: RequestHandler = (req, _res, next) => withTrace(req.headers.traceparent, next);

function healthRoutes({ metrics, checkReady }: HttpAppOptions): Router {
  const router = express.Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    try {
      await checkReady?.();
      res.json({ status: 'ready' });
    } catch (error) {
      res.status(503).json({ status: 'not ready', reason: error instanceof Error ? error.message : String(error) });
    }
  });
  router.get('/metrics', async (_req, res) => {
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}

const measured =
  (metrics: Metrics, log: Log): RequestHandler =>
  (req, res, next) => {
    const started = process.hrtime.bigint();
    res.on('finish', () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const route = req.route ? `${mountOf(req)}${String(req.route.path)}` : 'none';
      metrics.requestSeconds.observe({ method: req.method, route, status: res.statusCode }, seconds);
      if (log.isLevelEnabled('debug'))
        log.debug({ method: req.method, route, status: res.statusCode, seconds }, 'answered');
    });
    next();
  };

/** Below which path the route is mounted. When a route throws, Express has forgotten it by the time of the answer. */
const mountOf = (req: Request): string => req.baseUrl || (/^\/(api|internal)(?=\/)/.exec(req.originalUrl)?.[0] ?? '');

/** A body that is not JSON is refused, not ignored: what was in it would be silently lost. */
const jsonOnly: RequestHandler = (req, _res, next) => {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (hasBody && !req.is('application/json')) {
    throw new Problem(415, 'UnsupportedMediaType', 'Send the body as application/json.');
  }
  next();
};

const answerProblem =
  (log: Log): ErrorRequestHandler =>
  (error, req, res, _next) => {
    const problem = problemOf(error);
    if (problem.status >= 500) log.error({ err: error, method: req.method, path: req.path }, 'request failed');
    if (res.headersSent) {
      res.destroy();
      return;
    }
    const traceId = traceIdOf(currentTraceparent());
    res
      .status(problem.status)
      .set(problem.options.headers ?? {})
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...problem.document(req.originalUrl.split('?')[0] ?? req.path),
          ...(traceId ? { traceId } : {}),
        }),
      );
  };

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const known = knownProblems[bodyErrorType(error) ?? ''];
  if (known) return known(error);
  // Express throws this for a path such as /api/tickets/%E0%A4%A
  if (error instanceof URIError) return new Problem(400, 'MalformedPath', 'The address is not valid.');
  // What the body parsers throw without a type: a body that is not in the encoding it is announced in.
  if (error instanceof Error && 'status' in error && error.status === 400) return malformedBody();
  if (isDatabaseUnreachable(error)) return databaseUnavailable();
  return new Problem(500, 'InternalError', 'Something went wrong on our side. Try again in a moment.');
}

const databaseUnavailable = () =>
  new Problem(503, 'DatabaseUnavailable', 'We cannot reach our records right now. Try again in a moment.', {
    headers: { 'Retry-After': '2' },
  });

const bodyErrorType = (error: unknown): string | undefined =>
  error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : undefined;

const malformedBody = () => new Problem(400, 'MalformedBody', 'The body is not what its headers say.');

/** By the `type` of body-parser's errors. */
const knownProblems: Record<string, (error: unknown) => Problem> = {
  'entity.parse.failed': (error) => new Problem(400, 'MalformedBody', notAnObject(error)),
  'entity.too.large': () => new Problem(413, 'BodyTooLarge', 'The body is larger than this takes. Send less.'),
  'encoding.unsupported': () => new Problem(415, 'UnsupportedMediaType', 'This content encoding is not supported.'),
  'charset.unsupported': () => new Problem(415, 'UnsupportedMediaType', 'Send the body as UTF-8.'),
  'request.size.invalid': () => new Problem(400, 'MalformedBody', 'The body is not as long as announced.'),
  'request.aborted': () => new Problem(400, 'MalformedBody', 'The request was broken off.'),
};

/** body-parser refuses `null`, `7` and `"text"` as it refuses broken JSON, and keeps the text beside its error. */
function notAnObject(error: unknown): string {
  const text = error instanceof Error && 'body' in error && typeof error.body === 'string' ? error.body : '';
  return /^\s*(?:null|true|false|-?\d[\d.eE+-]*|"[^"]*")\s*$/.test(text)
    ? 'The body is JSON, but no object. Send the fields by name: {"field": value}.'
    : 'The body is not valid JSON.';
}
