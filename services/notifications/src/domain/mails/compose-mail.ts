// The look of every mail. Mails are given as plain text and escaped here, so that no mail can forget to: titles and
// addresses are people's input. HTML only: Dapr's SMTP binding takes nothing else, so every fact stands as text in it.
import { brandName } from './wording';

export interface Mail {
  /** One line. */
  subject: string;
  html: string;
}

export interface MailText {
  subject: string;
  heading: string;
  paragraphs: readonly string[];
  /** Label and value, shown as a table. */
  facts?: readonly (readonly [string, string])[];
  /** The first is the one most people want. */
  links?: readonly { text: string; url: string }[];
}

const mostSubjectCharacters = 120;

/** Tables and inline styles only: many mail programs know nothing else. */
export function composeMail({ subject, heading, paragraphs, facts = [], links = [] }: MailText): Mail {
  const line = subjectLine(subject);
  return {
    subject: line,
    html: [
      '<!doctype html>',
      '<html lang="en"><head><meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      `<title>${escapeHtml(line)}</title></head>`,
      '<body style="margin:0;padding:0;background:#f4f5f7">',
      '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px">',
      `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${sheet}"><tr><td style="padding:32px">`,
      `<p style="margin:0 0 8px;color:#52606d">${brandName}</p>`,
      `<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeHtml(heading)}</h1>`,
      ...paragraphs.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`),
      ...(facts.length > 0 ? ['<table cellpadding="0" cellspacing="0" style="margin:0 0 16px">'] : []),
      ...facts.map(factRow),
      ...(facts.length > 0 ? ['</table>'] : []),
      ...links.map(linkLine),
      '</td></tr></table></td></tr></table></body></html>',
    ].join('\n'),
  };
}

const sheet =
  'max-width:560px;background:#ffffff;border-radius:8px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1f2933';
const button =
  'display:inline-block;padding:12px 20px;background:#1d4ed8;color:#ffffff;border-radius:6px;text-decoration:none';

/** Colon and space are for programs that show a mail as text: those of HTML alone drop the table. */
const factRow = ([label, value]: readonly [string, string]) =>
  `<tr><td style="padding:4px 16px 4px 0;color:#52606d;vertical-align:top">${escapeHtml(label)}:&nbsp;</td>` +
  `<td dir="auto" style="padding:4px 0"><strong>${escapeHtml(value)}</strong></td></tr>`;

const linkLine = ({ text, url }: { text: string; url: string }, index: number) =>
  `<p style="margin:0 0 16px"><a href="${escapeHtml(url)}" style="${index === 0 ? button : 'color:#1d4ed8'}">${escapeHtml(text)}</a></p>`;

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

/** No line breaks, so that nothing can become a header of its own; nothing that reorders or hides text. */
function subjectLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= mostSubjectCharacters
    ? line
    : `${characters.slice(0, mostSubjectCharacters - 1).join('')}…`;
}
