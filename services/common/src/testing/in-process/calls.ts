/** One call of an app to its sidecar. */
export interface DaprCall {
  app: string;
  kind:
    | 'publish'
    | 'invoke'
    | 'state.getMany'
    | 'state.set'
    | 'secret'
    | 'binding'
    | 'actor'
    | 'actor.state'
    | 'reminder';
  /** Topic, `POST tickets/internal/…`, store and keys, secret, binding, or actor. */
  target: string;
}

/** What daprd answers when a component's scopes do not name the app: 403, or that there is no such component. */
export class OutOfScope extends Error {
  constructor(app: string, what: string) {
    super(`${app} may not use ${what}: its component's scopes do not name it`);
  }
}
