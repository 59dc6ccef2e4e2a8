/**
 * What the pages do beyond HTML: times in the reader's own zone, and new mails without reloading. Sent as it is to the
 * browser.
 */
export const inboxScript = `'use strict';
const showLocalTimes = () => {
  for (const time of document.querySelectorAll('time')) {
    time.textContent = new Date(time.dateTime).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  }
};
showLocalTimes();

const inbox = document.querySelector('[data-live]');
if (inbox) {
  const count = () => inbox.querySelectorAll('li').length;
  const refresh = async () => {
    const before = count();
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const focused = document.activeElement?.getAttribute('href');
    inbox.replaceChildren(...fresh.querySelector('[data-live]').childNodes);
    document.title = fresh.title;
    showLocalTimes();
    if (focused) inbox.querySelector('a[href="' + CSS.escape(focused) + '"]')?.focus();
    if (count() > before) document.getElementById('news').textContent = 'New mail';
  };
  let waiting;
  new EventSource('/stream').addEventListener('changed', () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 100);
  });
}
`;
