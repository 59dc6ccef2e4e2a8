'use client';

import { useEffect } from 'react';
import { leaveAccount } from './leave-account';

/** On the page that a plain form's sign-out leads to: what SignOutButton does where scripts sent it. */
export function AfterSignOut() {
  useEffect(leaveAccount, []);
  return null;
}
