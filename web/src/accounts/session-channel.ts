// Tells the other tabs that somebody signed in or out; they share the cookie.
const name = 'session';

export function tellOtherTabs(): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage('changed');
  channel.close();
}

/** @returns stop */
export function onToldByOtherTab(changed: () => void): () => void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = changed;
  return () => channel.close();
}
