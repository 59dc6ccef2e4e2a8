import type { CloudEvent, Topic } from '../contracts';
import { type EventPublisher, PublishFailed } from './dapr';
import type { Sidecar } from './sidecar';

/**
 * Publishes through the sidecar's bulk API, called directly: the SDK's `publish` never throws and its `publishBulk`
 * reports no failure when the sidecar answers 500 (dapr/js-sdk, open upstream), so events would be lost unseen.
 */
export const sidecarPublisher = (sidecar: Sidecar): EventPublisher => ({
  async publish(topic, events) {
    if (events.length === 0) return;
    const entries = events.map((event, index) => ({
      entryId: String(index),
      // Without a `traceid`, daprd puts its own trace in place of the event's.
      event: event.traceparent ? { ...event, traceid: event.traceparent } : event,
      contentType: 'application/cloudevents+json',
    }));
    const failed = await send(sidecar, topic, events, JSON.stringify(entries));
    if (failed.length > 0)
      throw failed.length === events.length ? all(topic, events, 'all refused') : some(topic, failed);
  },
});

async function send(sidecar: Sidecar, topic: Topic, events: readonly CloudEvent[], body: string): Promise<string[]> {
  let answer: { status: number; text: string };
  try {
    answer = await sidecar.request('POST', `/v1.0-alpha1/publish/bulk/${topic}/${topic}`, body, { timeoutMs: 10_000 });
  } catch (cause) {
    throw all(topic, events, cause);
  }
  if (answer.status === 204 || (answer.status === 200 && answer.text === '')) return [];
  const failedEntries = failedEntriesIn(answer.text);
  if (!failedEntries)
    throw all(topic, events, new Error(`the sidecar answered ${answer.status}: ${answer.text.slice(0, 300)}`));
  return failedEntries.map(({ entryId }) => events[Number(entryId)]?.id ?? entryId);
}

function failedEntriesIn(text: string): { entryId: string }[] | undefined {
  if (!text.startsWith('{')) return undefined;
  const { failedEntries } = JSON.parse(text) as { failedEntries?: { entryId: string }[] };
  return failedEntries;
}

const all = (topic: Topic, events: readonly CloudEvent[], cause: unknown) =>
  new PublishFailed(
    topic,
    events.map(({ id }) => id),
    cause,
  );

const some = (topic: Topic, failedIds: string[]) => new PublishFailed(topic, failedIds, 'refused one by one');
