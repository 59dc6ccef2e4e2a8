import type { ParsedMail } from 'mailparser';

export interface Address {
  name: string;
  address: string;
}

export interface MessageSummary {
  id: string;
  /** ISO 8601 */
  receivedAt: string;
  from: Address[];
  /** Header `To` and `Cc`, and who else the envelope named. */
  to: Address[];
  subject: string;
  /** The first words of the text. */
  preview: string;
  hasAttachments: boolean;
}

export interface Message extends MessageSummary {
  text: string;
  html: string | null;
  headers: { name: string; value: string }[];
  attachments: Attachment[];
}

export interface Attachment {
  filename: string;
  contentType: string;
  sizeBytes: number;
  contentBase64: string;
}

export interface Envelope {
  from: string;
  to: string[];
}

export function toMessage(mail: ParsedMail, envelope: Envelope, id: string, receivedAt: Date): Message {
  const inHeaders = [...addressesIn(mail.to), ...addressesIn(mail.cc)];
  const known = new Set(inHeaders.map(({ address }) => address.toLowerCase()));
  const hidden = envelope.to.filter((address) => !known.has(address.toLowerCase()));
  const from = addressesIn(mail.from);
  const text = mail.text ?? '';
  return {
    id,
    receivedAt: receivedAt.toISOString(),
    from: from.length > 0 ? from : [{ name: '', address: envelope.from }],
    to: [...inHeaders, ...hidden.map((address) => ({ name: '', address }))],
    subject: mail.subject ?? '',
    preview: text.replaceAll(/\s+/g, ' ').trim().slice(0, 140),
    hasAttachments: mail.attachments.length > 0,
    text,
    html: mail.html === false ? null : mail.html,
    headers: mail.headerLines.map(({ line }) => headerOf(line)),
    attachments: mail.attachments.map((attachment, index) => ({
      filename: attachment.filename ?? `attachment-${index + 1}`,
      contentType: attachment.contentType,
      sizeBytes: attachment.size,
      contentBase64: attachment.content.toString('base64'),
    })),
  };
}

export const summaryOf = (message: Message): MessageSummary => {
  const { id, receivedAt, from, to, subject, preview, hasAttachments } = message;
  return { id, receivedAt, from, to, subject, preview, hasAttachments };
};

const addressesIn = (header: ParsedMail['to']): Address[] =>
  (Array.isArray(header) ? header : header ? [header] : [])
    .flatMap(({ value }) => value)
    .flatMap((entry) => entry.group ?? [entry])
    .map(({ name, address }) => ({ name, address: address ?? '' }));

function headerOf(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  return {
    name: line.slice(0, colon),
    value: line
      .slice(colon + 1)
      .replaceAll(/\r?\n\s+/g, ' ')
      .trim(),
  };
}
