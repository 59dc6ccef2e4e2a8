// The HTTP API as one OpenAPI 3.1 document. Source: https://spec.openapis.org/oas/v3.1.1
import { Problem } from '../http/problem';
import { sessionCookie } from '../http/session-token';
import { groupBy } from './group-by';
import type { Answer, HttpRoute, Parameter, RouteProblem } from './http-route';
import { type Json, namedSchemas, schemaOrReference } from './json-schema';
import { httpRoutes } from './routes';

export const apiVersion = '0.1.0';

export const openApiDocument = (): Json => ({
  openapi: '3.1.1',
  info: {
    title: 'Ticketing',
    version: apiVersion,
    summary: 'Buy and sell tickets: each is held for one buyer at a time, and sold once',
    description:
      'Every body is JSON. Amounts are integers in minor units (cents). Every error is a problem document (RFC 9457) ' +
      'with an `errors` list: programs look at the last part of `type`, people read `detail`. Readers ignore fields ' +
      'they do not know. Query names that an operation does not have are refused (400 InvalidInput). Any address may ' +
      'answer 405 MethodNotAllowed with `Allow`; any connection 400 MalformedRequest, 408 RequestTimeout or ' +
      '431 HeadersTooLarge, and then ends.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'The origin that serves the web client' }],
  tags: [
    { name: 'auth', description: 'Accounts and sessions' },
    { name: 'tickets', description: 'Selling and browsing' },
    { name: 'orders', description: 'Buying: holds and what becomes of them' },
    { name: 'payments', description: 'Paying for an order' },
  ],
  paths: paths(httpRoutes),
  components: {
    schemas: namedSchemas(),
    securitySchemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: sessionCookie,
        description: 'Set by signUp and signIn; httpOnly, so that scripts cannot read it',
      },
    },
  },
});

function paths(routes: readonly HttpRoute[]): Json {
  const found: Record<string, Json> = {};
  for (const route of routes) found[route.path] = { ...found[route.path], [route.method]: operation(route) };
  return found;
}

function operation(route: HttpRoute): Json {
  const { service, operationId, summary, description, session, parameters, body } = route;
  return {
    operationId,
    tags: [service],
    summary,
    ...(description ? { description } : {}),
    security: { required: [{ session: [] }], optional: [{}, { session: [] }], none: [] }[session],
    ...(parameters ? { parameters: parameters.map(parameter) } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOrReference(body.schema), example: body.example } },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(route.answers.map((answer) => [answer.status, response(answer)])),
      ...problemResponses(route),
    },
  };
}

const parameter = ({ required = false, ...rest }: Parameter): Json => ({ ...rest, required });

const response = ({ description, schema, example, contentType, headers }: Answer): Json => ({
  description,
  ...(headers
    ? { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, header(text)])) }
    : {}),
  ...(schema ? { content: { [contentType ?? 'application/json']: contentOf(schema, example, contentType) } } : {}),
  // Bytes have no schema.
  ...(contentType && !schema ? { content: { [contentType]: {} } } : {}),
});

/** An event stream is text; the schema is that of the data of each event. */
const contentOf = (schema: NonNullable<Answer['schema']>, example: unknown, contentType: string | undefined): Json =>
  contentType === undefined
    ? { schema: schemaOrReference(schema), example }
    : {
        schema: {
          type: 'string',
          contentMediaType: contentType,
          contentSchema: schemaOrReference(schema),
        },
        example,
      };

const header = (description: string): Json => ({ description, schema: { type: 'string' } });

/** Each status with one example a problem, by its code. */
function problemResponses(route: HttpRoute): Json {
  const byStatus = groupBy(allProblems(route), ({ status }) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, problems]) => [
      status,
      {
        description: problems.map(({ code }) => code).join(', '),
        ...(problems.some(({ retryAfter }) => retryAfter)
          ? { headers: { 'Retry-After': header('Seconds after which to try again') } }
          : {}),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(problems.map((problem) => [problem.code, problemExample(route, problem)])),
          },
        },
      },
    ]),
  );
}

const problemExample = (route: HttpRoute, { status, code, detail, extra = {} }: RouteProblem): Json => ({
  summary: detail,
  value: new Problem(status, code, detail, { extra }).document(route.path.replace('{id}', '6740f1339c8b7a6f5e4d3c2b')),
});

/** A route's own problems, and those of its kind. */
export function allProblems(route: HttpRoute): RouteProblem[] {
  const kinds: [boolean, readonly RouteProblem[]][] = [
    [true, route.problems ?? []],
    [route.session === 'required', [notSignedIn]],
    [route.session !== 'none', [sessionsUnavailable]],
    [route.body !== undefined && !route.body.raw, jsonBodyProblems],
    [route.body !== undefined, [bodyTooLarge]],
    [route.path.includes('{'), [malformedPath]],
    [route.method !== 'get', [foreignOrigin]],
    [true, [databaseUnavailable, internalError]],
  ];
  return kinds.flatMap(([applies, problems]) => (applies ? problems : []));
}

const notSignedIn: RouteProblem = { status: 401, code: 'NotSignedIn', detail: 'Sign in first.' };
const sessionsUnavailable: RouteProblem = {
  status: 503,
  code: 'SessionsUnavailable',
  detail: 'We cannot check your session right now. Try again in a moment.',
  retryAfter: 2,
};
const jsonBodyProblems: RouteProblem[] = [
  { status: 400, code: 'InvalidInput', detail: 'Some of the input is not valid.' },
  { status: 400, code: 'MalformedBody', detail: 'The body is not valid JSON.' },
  { status: 415, code: 'UnsupportedMediaType', detail: 'Send the body as application/json.' },
];
const bodyTooLarge: RouteProblem = {
  status: 413,
  code: 'BodyTooLarge',
  detail: 'The body is larger than this takes. Send less.',
};
const malformedPath: RouteProblem = { status: 400, code: 'MalformedPath', detail: 'The address is not valid.' };
const foreignOrigin: RouteProblem = {
  status: 403,
  code: 'ForeignOrigin',
  detail: 'This request came from another site and was refused.',
};
const databaseUnavailable: RouteProblem = {
  status: 503,
  code: 'DatabaseUnavailable',
  detail: 'We cannot reach our records right now. Try again in a moment.',
  retryAfter: 2,
};
const internalError: RouteProblem = {
  status: 500,
  code: 'InternalError',
  detail: 'Something went wrong on our side. Try again in a moment.',
};
