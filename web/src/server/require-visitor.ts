import { redirect } from 'next/navigation';
import { signInPath } from '@/api/paths';
import { currentVisitor, type Visitor } from './visitor';

/**
 * For pages of one's own: signed-out visitors go to sign in and come back.
 * @param path of this page, with its query
 * @returns who is looking; `unknown` when auth is down: the page's own service then decides by the session
 */
export async function requireVisitor(path: string): Promise<Exclude<Visitor, { state: 'signedOut' }>> {
  const visitor = await currentVisitor();
  if (visitor.state === 'signedOut') redirect(signInPath(path));
  return visitor;
}
