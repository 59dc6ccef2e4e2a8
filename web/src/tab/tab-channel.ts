export interface TabChannel<Message> {
  /** The other tabs only: this one knows what it did. */
  tell(message: Message): void;
  /** @returns stops it */
  hear(listener: (message: Message) => void): () => void;
}

/**
 * The tabs of this browser tell each other that something has changed; what it is, each asks the server.
 * One per name and tab: a BroadcastChannel keeps from itself what it posts, but not from a second one beside it.
 */
export function tabChannel<Message>(name: string): TabChannel<Message> {
  const listeners = new Set<(message: Message) => void>();
  let heard: BroadcastChannel | undefined;

  return {
    tell(message) {
      if (heard) return heard.postMessage(message);
      const channel = new BroadcastChannel(name);
      channel.postMessage(message);
      channel.close();
    },
    hear(listener) {
      const entry = (message: Message) => listener(message);
      listeners.add(entry);
      heard ??= opened();
      return () => {
        listeners.delete(entry);
        if (listeners.size > 0) return;
        heard?.close();
        heard = undefined;
      };
    },
  };

  function opened(): BroadcastChannel {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      for (const listener of listeners) listener(data);
    };
    return channel;
  }
}
