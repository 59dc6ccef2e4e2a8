// Errors a person can cause, as RFC 9457 problem documents with an `errors` list.

export interface FieldError {
  message: string;
  field?: string;
}

/** Thrown anywhere below a route; the app answers it. `detail` tells the person what to do next. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    /** A stable name for programs, the last part of the document's `type`. */
    readonly code: string,
    readonly detail: string,
    readonly options: {
      errors?: readonly FieldError[];
      headers?: Record<string, string>;
      extra?: Record<string, unknown>;
    } = {},
  ) {
    super(detail);
  }

  get title(): string {
    return this.code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  }

  /** @param instance the path that was asked for, unless the request could not be read that far */
  document(instance?: string): Record<string, unknown> {
    return {
      type: `/problems/${this.code}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      ...(instance === undefined ? {} : { instance }),
      errors: this.options.errors ?? [{ message: this.detail }],
      ...this.options.extra,
    };
  }
}

export const notFound = (what: string) => new Problem(404, 'NotFound', `There is no such ${what}.`);
export const notSignedIn = () => new Problem(401, 'NotSignedIn', 'Sign in first.');
