import { onEvent, UserCreated } from '@ticketing/common';
import type { Post } from '../data/post-office';
import type { Recipients } from '../data/recipients';
import { welcome } from '../domain/mails/welcome';
import type { PageUrls } from '../domain/mails/wording';

export const onUserCreated = ({ recipients, post, pages }: { recipients: Recipients; post: Post; pages: PageUrls }) =>
  onEvent(UserCreated, async (user) => {
    await recipients.learn(user);
    await post('welcome', user.id, welcome(user.email, pages));
  });
