// The look of every mail. Mails are given as plain text and escaped here, so that no mail can forget to: titles and
// addresses are people's input. HTML only, since Dapr's bindings take nothing else (docs/decisions/0018): written so that
// it reads as well when a program makes plain text of it.
import { hiddenCharacter } from '@ticketing/common';
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
  /** Label and value, a line each. */
  facts?: readonly (readonly [string, string])[];
  /** The first is the one most people want. */
  links?: readonly { text: string; url: string }[];
}

const mostSubjectCharacters = 120;

/** Tables and inline styles only: many mail programs know nothing else. No pictures: many load none. */
export function composeMail({ subject, heading, paragraphs, facts = [], links = [] }: MailText): Mail {
  const line = subjectLine(subject);
  return {
    subject: line,
    html: [
      '<!doctype html>',
      '<html lang="en"><head><meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light">',
      `<title>${escapeHtml(line)}</title></head>`,
      `<body style="margin:0;padding:0;background:${color.ground}">`,
      '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">',
      `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${sheet}">`,
      `<tr><td style="${band}">${brandName}</td></tr>`,
      '<tr><td style="padding:28px 28px 12px">',
      `<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25;color:${color.ink}">${escapeHtml(heading)}</h1>`,
      ...paragraphs.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`),
      ...(facts.length > 0 ? [`<div style="margin:0 0 20px;border-top:1px solid ${color.line}">`] : []),
      ...facts.map(factLine),
      ...(facts.length > 0 ? ['</div>'] : []),
      ...links.map(linkBlock),
      '</td></tr></table>',
      `<p style="${footer}">${footerText}</p>`,
      '</td></tr></table></body></html>',
    ].join('\n'),
  };
}

/** The brand's, as in the web client (web/src/styles/_tokens.scss). */
const color = {
  ground: '#f3f6f4',
  ink: '#10211d',
  soft: '#475a53',
  line: '#d2dcd6',
  primary: '#0b6553',
  hero: '#0a4538',
  accent: '#ffb931',
};
const family = 'Helvetica,Arial,sans-serif';
const sheet = `max-width:560px;background:#ffffff;border:1px solid ${color.line};border-radius:12px;font-family:${family};font-size:16px;line-height:1.5;color:${color.ink}`;
const band = `padding:18px 28px;background:${color.hero};border-bottom:4px solid ${color.accent};border-radius:11px 11px 0 0;font-size:19px;font-weight:bold;color:#ffffff`;
const button = `display:inline-block;padding:13px 22px;background:${color.primary};color:#ffffff;border-radius:8px;font-weight:bold;text-decoration:none`;
const footer = `max-width:560px;margin:16px 0 0;font-family:${family};font-size:13px;line-height:1.5;color:${color.soft}`;
const footerText = `${brandName} writes to you about your account, your orders and your tickets only.`;

/** A line each, not the rows of a table: programs that make text of HTML run those together. */
const factLine = ([label, value]: readonly [string, string]) =>
  `<p style="margin:0;padding:9px 0;border-bottom:1px solid ${color.line}"><span style="color:${color.soft}">${escapeHtml(label)}:</span> ` +
  `<strong dir="auto" style="word-break:break-word">${escapeHtml(value)}</strong></p>`;

/** The address stands below, too: for programs that show no links, and for people who want to see where they lead. */
const linkBlock = ({ text, url }: { text: string; url: string }, index: number) => {
  const address = escapeHtml(url);
  return (
    `<p style="margin:0 0 16px"><a href="${address}" style="${index === 0 ? button : `color:${color.primary}`}">${escapeHtml(text)}</a><br>` +
    `<span style="font-size:13px;color:${color.soft};word-break:break-all">${address}</span></p>`
  );
};

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const hiddenCharacters = new RegExp(hiddenCharacter.source, 'gu');

/** No line breaks, so that nothing can become a header of its own; nothing that reorders or hides text. */
function subjectLine(text: string): string {
  const line = text.replace(hiddenCharacters, ' ').replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= mostSubjectCharacters
    ? line
    : `${characters.slice(0, mostSubjectCharacters - 1).join('')}…`;
}
