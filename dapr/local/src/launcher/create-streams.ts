// JetStream's streams must be there before a sidecar subscribes, and must cover the dead letters.
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';

const dayMs = 86_400_000;

/** One stream per topic, named as it; bounded by age and number, repeats of an id dropped for two minutes. */
export async function createStreams(url: string, topics: string[]): Promise<void> {
  const connection = await connect({ servers: url, timeout: 5_000 });
  try {
    const manager = await jetstreamManager(connection);
    for (const topic of topics) {
      const shape = {
        subjects: [topic, `${topic}.dead`],
        max_age: nanos(7 * dayMs),
        max_msgs: 1_000_000,
        duplicate_window: nanos(120_000),
      };
      try {
        await manager.streams.add({ name: topic, ...shape });
      } catch (error) {
        if (!isInUse(error)) throw error;
        await manager.streams.update(topic, shape);
      }
    }
  } finally {
    await connection.close();
  }
}

/** 10058: the stream is there with another configuration. */
const isInUse = (error: unknown) => error instanceof JetStreamApiError && error.code === 10058;
