import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { momentText, type PageUrls } from './wording';

/** To the address as it was before: if somebody else made the change, its owner has to hear of it. */
export const accountChanged = (user: EventData<'UserUpdated'>, when: Date, pages: PageUrls): Mail => {
  const what = changes(user).join(' and ');
  return composeMail({
    subject: `Your ${what} changed`,
    heading: `Your ${what} changed`,
    paragraphs: [
      'If that was you, there is nothing to do.',
      'If it was not, somebody else was in your account: answer this mail at once.',
    ],
    facts: [['Changed', momentText(when)]],
    links: [{ text: 'See your account', url: pages.account }],
  });
};

const changes = ({ previousEmail, passwordChanged }: EventData<'UserUpdated'>): string[] => [
  ...(previousEmail === undefined ? [] : ['e-mail address']),
  ...(passwordChanged ? ['password'] : []),
];
