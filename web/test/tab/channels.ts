/**
 * `BroadcastChannel` without waiting. As in browsers: each hears all others of its name, in its own tab too, but never
 * itself.
 */
export class Channels {
  static all: Channels[] = [];
  onmessage?: (event: { data: unknown }) => void;
  constructor(readonly name: string) {
    Channels.all.push(this);
  }
  postMessage(data: unknown) {
    for (const other of Channels.all) if (other !== this && other.name === this.name) other.onmessage?.({ data });
  }
  close() {
    Channels.all = Channels.all.filter((other) => other !== this);
  }
}
