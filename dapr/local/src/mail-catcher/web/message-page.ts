import type { Attachment, Message } from '../message';
import { type Html, html, page } from './html';
import { names } from './inbox-page';

const views = ['html', 'text', 'headers'] as const;
type View = (typeof views)[number];

const viewNames: Record<View, string> = { html: 'Mail', text: 'Text', headers: 'Headers' };

/** One mail: as it looks, as text, or its headers. */
export function messagePage(message: Message, wanted: string | null): string {
  const offered = views.filter((view) => view !== 'html' || message.html !== null);
  const shown = offered.find((view) => view === wanted) ?? offered[0] ?? 'text';
  return page(
    message.subject || '(no subject)',
    html`<header class="bar">
  <p><a href="/" class="back">← Inbox</a></p>
</header>
<main class="message">
  <h1>${message.subject || '(no subject)'}</h1>
  <dl class="facts">
    <div><dt>From</dt><dd>${names(message.from)}</dd></div>
    <div><dt>To</dt><dd>${names(message.to)}</dd></div>
    <div><dt>Received</dt><dd><time datetime="${message.receivedAt}">${message.receivedAt.slice(0, 19).replace('T', ' ')} UTC</time></dd></div>
  </dl>
  ${message.attachments.length > 0 ? attachments(message) : ''}
  <nav aria-label="Views of this mail" class="views">${offered.map((view) => link(message, view, shown))}</nav>
  ${body(message, shown)}
</main>`,
  );
}

const link = (message: Message, view: View, shown: View): Html =>
  view === shown
    ? html`<a href="/messages/${message.id}?view=${view}" aria-current="page">${viewNames[view]}</a>`
    : html`<a href="/messages/${message.id}?view=${view}">${viewNames[view]}</a>`;

function body(message: Message, view: View): Html {
  if (view === 'text') return html`<pre class="text" tabindex="0">${message.text}</pre>`;
  if (view === 'html') {
    return html`<iframe class="mail" title="The mail as its reader sees it" src="/messages/${message.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`;
  }
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Headers"><table class="headers"><thead><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead><tbody>${message.headers.map(
    ({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table></div>`;
}

const attachments = (message: Message): Html =>
  html`<ul class="attachments" aria-label="Attachments">${message.attachments.map((attachment, index) => attached(message, attachment, index))}</ul>`;

const attached = ({ id }: Message, { filename, sizeBytes }: Attachment, index: number): Html =>
  html`<li><a href="/messages/${id}/attachments/${index}">${filename}</a> <span class="hint">${Math.ceil(sizeBytes / 1024)} kB</span></li>`;
