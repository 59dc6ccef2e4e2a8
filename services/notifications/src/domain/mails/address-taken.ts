import type { EventData } from '@ticketing/common';
import { composeMail, type Mail } from './compose-mail';
import { brandName, type PageUrls } from './wording';

/** To a new address: people mistype theirs, and strangers should know why they get somebody's tickets. */
export const addressTaken = ({ email }: EventData<'UserUpdated'>, pages: PageUrls): Mail =>
  composeMail({
    subject: `${brandName} writes to you here now`,
    heading: 'This is your address now',
    paragraphs: [
      `From now on you sign in with ${email}, and tickets and receipts come here.`,
      'If you have no account with us, somebody mistyped an address: answer this mail, and we take yours away.',
    ],
    links: [{ text: 'See your account', url: pages.account }],
  });
