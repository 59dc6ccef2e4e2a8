// Tabs tell each other that something was done to an order; what it is, each asks the server.

const channelName = 'orders';

export function tellOtherTabs(orderId: string): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(orderId);
  channel.close();
}

/** @returns stops it */
export function hearOtherTabs(orderId: string, changed: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }) => {
    if (data === orderId) changed();
  };
  return () => channel.close();
}
