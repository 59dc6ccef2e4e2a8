import { signInPath } from '@/api/paths';
import { ApiError } from '@/api/problem';
import { openPage } from './open-page';

/**
 * Passes an answer on; when the session is gone, goes to sign in and comes back to `page`.
 * @throws ApiError as the call does; of a lost session too, so that the form shows it until the next page is there
 */
export async function signInIfLost<Body>(answer: Promise<Body>, page: string): Promise<Body> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.problem.code === 'NotSignedIn') openPage(signInPath(page));
    throw error;
  }
}
