import { mostKept } from '../mailbox';
import type { Address, Message } from '../message';
import { type Html, html, page } from './html';

/** All mails, newest first, or those to one address. */
export const inboxPage = (messages: Message[], to: string): string =>
  page(
    messages.length > 0 ? `Inbox (${messages.length})` : 'Inbox',
    html`<header class="bar">
  <h1><a href="/">Inbox</a></h1>
  <p class="hint">Mails this stack sent. Nobody else gets them. The last ${String(mostKept)} are kept.</p>
</header>
<div class="tools">
  <form action="/" method="get" role="search" class="search">
    <label for="to">To</label>
    <input id="to" name="to" type="search" value="${to}" placeholder="someone@example.com" autocomplete="off" autocapitalize="off" spellcheck="false">
    <button>Show</button>
  </form>
  <form action="/delete-all" method="post"><button class="quiet">Delete all</button></form>
</div>
<main id="inbox" data-live>
${messages.length > 0 ? list(messages) : empty(to)}
</main>
<p role="status" class="spoken" id="news"></p>`,
  );

const list = (messages: Message[]): Html => html`<ul class="mails">${messages.map(item)}</ul>`;

const item = (message: Message): Html => html`
<li><a href="/messages/${message.id}">
  <span class="to"><span class="spoken">To </span>${names(message.to)}</span>
  <time datetime="${message.receivedAt}">${message.receivedAt.slice(0, 16).replace('T', ' ')} UTC</time>
  <strong class="subject">${message.subject || '(no subject)'}</strong>
  <span class="preview">${message.hasAttachments ? html`<span class="chip">attachment</span> ` : ''}${message.preview}</span>
</a></li>`;

const empty = (to: string): Html =>
  to
    ? html`<p class="empty">No mail to <b>${to}</b> yet. <a href="/">Show all</a></p>`
    : html`<p class="empty">No mail yet. Sign up or buy a ticket, and it shows up here by itself.</p>`;

export const names = (addresses: Address[]): string =>
  addresses.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ');
