export interface TabChannel<Message> {
  tell(message: Message): void;
  /** @returns stops it */
  hear(listener: (message: Message) => void): () => void;
}

/** The tabs of this browser tell each other that something has changed; what it is, each asks the server. */
export const tabChannel = <Message>(name: string): TabChannel<Message> => ({
  tell(message) {
    const channel = new BroadcastChannel(name);
    channel.postMessage(message);
    channel.close();
  },
  hear(listener) {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: MessageEvent<Message>) => listener(data);
    return () => channel.close();
  },
});
