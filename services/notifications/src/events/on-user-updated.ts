import { onEvent, UserUpdated } from '@ticketing/common';
import type { Recipients } from '../data/recipients';

export const onUserUpdated = ({ recipients }: { recipients: Recipients }) =>
  onEvent(UserUpdated, (user) => recipients.learn(user));
