import type { Request, RequestHandler } from 'express';
import { matchedData, type ValidationChain, validationResult } from 'express-validator';
import { type FieldError, Problem } from './problem';

/**
 * Runs the checks of a route and stops with 400 and one error a field. The handler reads its input by `inputOf`:
 * Express 5 computes `req.query` on each read, so sanitised values are only in express-validator's own record.
 */
export const validate =
  (...checks: ValidationChain[]): RequestHandler =>
  async (req, _res, next) => {
    for (const check of checks) await check.run(req);
    const errors: FieldError[] = validationResult(req)
      .array({ onlyFirstError: true })
      .map((error) => ({ message: String(error.msg), ...(error.type === 'field' ? { field: error.path } : {}) }));
    next(
      errors.length > 0 ? new Problem(400, 'InvalidInput', 'Some of the input is not valid.', { errors }) : undefined,
    );
  };

export const inputOf = <T>(req: Request): T => matchedData(req) as T;
