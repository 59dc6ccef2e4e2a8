import { onEvent, UserUpdated } from '@ticketing/common';
import type { Post } from '../data/post-office';
import type { Recipients } from '../data/recipients';
import { accountChanged } from '../domain/mails/account-changed';
import { addressTaken } from '../domain/mails/address-taken';
import type { PageUrls } from '../domain/mails/wording';

export const onUserUpdated = ({ recipients, post, pages }: { recipients: Recipients; post: Post; pages: PageUrls }) =>
  onEvent(UserUpdated, async (user, { time }) => {
    await recipients.learn(user);
    const { id, email, version, previousEmail, passwordChanged } = user;
    if (previousEmail === undefined && !passwordChanged) return;
    await Promise.all([
      post(`account-changed:${version}`, id, accountChanged(user, time, pages), previousEmail ?? email),
      ...(previousEmail === undefined ? [] : [post(`address-taken:${version}`, id, addressTaken(user, pages), email)]),
    ]);
  });
