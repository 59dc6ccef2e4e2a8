'use client';

import { useEffect } from 'react';
import { forgetAllDrafts } from '@/forms/drafts';
import { sessionChanges } from './session-channel';

/** On the page that a plain form's sign-out leads to: what SignOutButton does where scripts sent it. */
export function AfterSignOut() {
  useEffect(() => {
    forgetAllDrafts();
    sessionChanges.tell('changed');
  }, []);
  return null;
}
