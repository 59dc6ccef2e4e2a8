import type { Account, Cause } from '../account';
import type { Params } from '../http/params';

/** One request that passed the front: who asked, about what. */
export interface Call {
  account: Account;
  /** The part of the path that the route calls `:id`. */
  id: string;
  key: 'publishable' | 'secret';
  clientSecret: string | undefined;
  /** Fields to answer as whole objects instead of ids. */
  expand: string[];
  cause: Cause;
  /** Where a browser finds this simulator. */
  origin: string;
}

/**
 * One operation of the API. `read` refuses bad parameters before anything begins (such a refusal is not kept for an
 * Idempotency-Key); `run` does the work.
 */
export interface Route<Input> {
  operation: string;
  method: 'GET' | 'POST';
  path: string;
  /** A publishable key may ask too, with the intent's client secret. */
  publishable?: boolean;
  read(params: Params): Input;
  run(input: Input, call: Call): object;
}

/** A route whose input type is nobody else's business. */
export interface AnyRoute extends Pick<Route<never>, 'operation' | 'method' | 'path'> {
  publishable: boolean;
  prepare(params: Params): (call: Call) => object;
}

export const route = <Input>({ read, run, publishable = false, ...rest }: Route<Input>): AnyRoute => ({
  ...rest,
  publishable,
  prepare(params) {
    const input = read(params);
    params.refuseUnknown();
    return (call) => run(input, call);
  },
});
