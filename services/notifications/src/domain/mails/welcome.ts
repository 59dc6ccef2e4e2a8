import { composeMail, type Mail } from './compose-mail';
import { brandName, type PageUrls } from './wording';

export const welcome = (email: string, pages: PageUrls): Mail =>
  composeMail({
    subject: `Welcome to ${brandName}`,
    heading: 'Welcome!',
    paragraphs: [
      `Your account is ready: sign in with ${email}.`,
      'You can buy tickets from other people, and sell those you cannot use.',
    ],
    links: [{ text: 'See what is for sale', url: pages.start }],
  });
