import { tabChannel } from '@/tab/tab-channel';

/** Somebody signed in or out; tabs share the cookie. */
export const sessionChanges = tabChannel<'changed'>('session');
