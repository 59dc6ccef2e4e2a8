// What no route of an app knows is refused with a sentence rather than passed over: another method on a path that is
// there, and what a query asks that the route does not read.
import type { Request, RequestHandler, Router } from 'express';
import { type FieldError, Problem } from './problem';
import { invalidInput, queryNamesOf } from './validate';

/**
 * Answers 405 with `Allow` to a method that the path does not have, and `OPTIONS` with what it has. Paths that no route
 * has are left to what follows. HEAD goes where GET does.
 */
export function refuseOtherMethods(...routers: Router[]): RequestHandler {
  const routes = routers.flatMap(routesOf);
  return (req, res, next) => {
    const methods = new Set(routes.filter(({ path }) => path.test(req.path)).map(({ method }) => method));
    if (methods.size === 0 || methods.has(methodOf(req))) return next();
    const allow = [...methods].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).concat('OPTIONS');
    if (req.method === 'OPTIONS') return void res.set('Allow', allow.join(', ')).status(204).end();
    throw new Problem(405, 'MethodNotAllowed', `This address does not take ${req.method}, but ${allow.join(', ')}.`, {
      headers: { Allow: allow.join(', ') },
    });
  };
}

/** Refuses with 400, by name, what a query says beside or beyond what the route's `validate` reads. */
export function refuseUnknownQuery(...routers: Router[]): RequestHandler {
  const routes = routers.flatMap(routesOf);
  return (req, _res, next) => {
    const route = req.url.includes('?')
      ? routes.find(({ path, method }) => method === methodOf(req) && path.test(req.path))
      : undefined;
    if (!route) return next();
    const errors = Object.entries(req.query).flatMap(([name, value]) => faultOf(name, value, route.queryNames));
    next(errors.length > 0 ? invalidInput(errors.slice(0, mostErrors)) : undefined);
  };
}

interface KnownRoute {
  path: RegExp;
  method: string;
  queryNames: readonly string[];
}

function routesOf(router: Router): KnownRoute[] {
  return router.stack.flatMap(({ route }) =>
    route
      ? [...new Set(route.stack.map(({ method }) => method))].map((method) => ({
          path: patternOf(route.path),
          method: method.toUpperCase(),
          queryNames: route.stack.flatMap(({ handle }) => queryNamesOf(handle)),
        }))
      : [],
  );
}

/** As Express matches it: letters of any case, a slash at the end or none. */
const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}/?$`, 'i');

const methodOf = ({ method }: Request): string => (method === 'HEAD' ? 'GET' : method);

const mostErrors = 10;
const control = /\p{Cc}/u;

function faultOf(name: string, value: unknown, known: readonly string[]): FieldError[] {
  const field = name.slice(0, 100);
  if (!known.includes(name)) {
    const wanted = known.length > 0 ? `this address takes ${known.join(', ')}` : 'this address takes no query';
    return [{ message: `There is nothing named "${field}" to ask: ${wanted}.`, field }];
  }
  if (typeof value !== 'string') return [{ message: `Give ${name} once: it is there more than once.`, field }];
  return control.test(value) ? [{ message: `Give ${name} as visible text: it has control characters.`, field }] : [];
}
