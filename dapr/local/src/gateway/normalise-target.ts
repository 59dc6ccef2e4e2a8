/**
 * Path and query of a request as they are matched and passed on: `..`, `.`, `%2e` and backslashes resolved, repeated
 * slashes made one, so that no spelling reaches a path that the routes do not name.
 * @returns undefined when it is no path at all
 */
export function normaliseTarget(target: string): { path: string; query: string } | undefined {
  // An absolute target (`GET http://host/path`) is allowed by HTTP; its host means nothing here.
  const url = target.startsWith('/') ? `http://gateway${target}` : target;
  if (!URL.canParse(url)) return undefined;
  const { pathname, search } = new URL(url);
  const collapsed = pathname.replaceAll(/\/{2,}/g, '/');
  return { path: collapsed, query: search };
}
