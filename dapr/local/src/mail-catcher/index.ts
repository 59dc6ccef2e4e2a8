/** Takes every mail that is sent to it and shows it, so that nobody gets a test mail. */

export type { Message, MessageSummary } from './message';
export { type MailCatcher, type MailCatcherSettings, startMailCatcher } from './start-mail-catcher';
