// Short messages that any script may show: see announcements.tsx for where they appear.

type Listener = (message: string) => void;
const listeners = new Set<Listener>();

/** Shows a message for some seconds and has screen readers read it: "Your listing is live." */
export function announce(message: string): void {
  for (const listener of listeners) listener(message);
}

export function onAnnounce(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
