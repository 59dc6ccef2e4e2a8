import { smtpRefusal } from './smtp-refusal';

/** Misbehaviour on demand. */
export class MailFaults {
  refuseNext = 0;

  /** A "try again later" for the next so many mails, else null. */
  takeRefusal(): Error | null {
    if (this.refuseNext === 0) return null;
    this.refuseNext -= 1;
    return smtpRefusal(451, 'Refused on demand, try again.');
  }
}
