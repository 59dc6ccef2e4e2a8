// JetStream's streams must be there before a sidecar subscribes.
import { JetStreamApiError, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';

const dayMs = 86_400_000;

/**
 * Two streams per topic, bounded by age and number: the topic, in which repeats of an id are dropped for two minutes, and
 * its dead letters. They must not share one: a dead letter has the id of its event, and would be dropped as its repeat.
 */
export async function createStreams(url: string, topics: string[]): Promise<void> {
  const connection = await connect({ servers: url, timeout: 5_000 });
  try {
    const manager = await jetstreamManager(connection);
    for (const topic of topics) {
      await put(manager, topic, topic, 120_000);
      // The shortest there is: two apps may each fail on the same event, and both letters count.
      await put(manager, `${topic}-dead`, `${topic}.dead`, 100);
    }
  } finally {
    await connection.close();
  }
}

async function put(manager: JetStreamManager, name: string, subject: string, duplicateWindowMs: number) {
  const shape = {
    subjects: [subject],
    max_age: nanos(7 * dayMs),
    max_msgs: 1_000_000,
    duplicate_window: nanos(duplicateWindowMs),
  };
  try {
    await manager.streams.add({ name, ...shape });
  } catch (error) {
    if (!isInUse(error)) throw error;
    await manager.streams.update(name, shape);
  }
}

/** 10058: the stream is there with another configuration. */
const isInUse = (error: unknown) => error instanceof JetStreamApiError && error.code === 10058;
