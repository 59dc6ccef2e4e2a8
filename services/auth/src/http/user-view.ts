import type { User } from '../domain/user';

/** An account as its owner sees it. */
export const userView = (user: User) => ({ id: user._id, email: user.email });
