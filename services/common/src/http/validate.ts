import type { Request, RequestHandler } from 'express';
import { matchedData, type ValidationChain, validationResult } from 'express-validator';
import { type FieldError, Problem } from './problem';

/**
 * Runs the checks of a route and stops with 400 and one error a field. The handler reads its input by `inputOf`:
 * Express 5 computes `req.query` on each read, so sanitised values are only in express-validator's own record.
 */
export function validate(...checks: ValidationChain[]): RequestHandler {
  const handler: RequestHandler = async (req, _res, next) => {
    for (const check of checks) await check.run(req);
    const errors: FieldError[] = validationResult(req)
      .array({ onlyFirstError: true })
      .map((error) => ({ message: String(error.msg), ...(error.type === 'field' ? { field: error.path } : {}) }));
    next(errors.length > 0 ? invalidInput(errors) : undefined);
  };
  queryNames.set(handler, checks.flatMap(queryNamesRead));
  return handler;
}

export const inputOf = <T>(req: Request): T => matchedData(req) as T;

export const invalidInput = (errors: readonly FieldError[]) =>
  new Problem(400, 'InvalidInput', 'Some of the input is not valid.', { errors });

const queryNames = new WeakMap<object, readonly string[]>();

/** What the handler reads of the query, when `validate` made it; every other handler reads nothing. */
export const queryNamesOf = (handler: object): readonly string[] => queryNames.get(handler) ?? [];

function queryNamesRead({ builder }: ValidationChain): readonly string[] {
  const { fields, locations } = builder.build();
  return locations.includes('query') ? fields : [];
}
