import type { Sessions } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Users } from '../data/users';
import { userView } from './user-view';

/** Read from the record: a session does not carry the e-mail address. */
export const showCurrentUser =
  ({ sessions, users }: { sessions: Sessions; users: Users }): RequestHandler =>
  async (req, res) => {
    const session = await sessions.read(req);
    const user = session ? await users.find(session.userId) : null;
    res.json({ currentUser: user ? userView(user) : null });
  };
