import { forgetAllDrafts } from '@/forms/drafts';
import { sessionChanges } from './session-channel';

/** Once somebody is signed out: nothing of theirs stays in this tab, and the others look who is signed in now. */
export function leaveAccount(): void {
  forgetAllDrafts();
  sessionChanges.tell('changed');
}
