import { type InternalUser, notFound } from '@ticketing/common';
import type { RequestHandler } from 'express';
import type { Users } from '../data/users';
import { userData } from '../domain/user';

/** For services that need a person's address before they have heard of them by event. */
export const tellUser =
  ({ users }: { users: Users }): RequestHandler<{ id: string }> =>
  async (req, res) => {
    const user = await users.find(req.params.id);
    if (!user) throw notFound('user');
    res.json(userData(user) satisfies InternalUser);
  };
