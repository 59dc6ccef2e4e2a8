import { JetStreamApiError, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { DeadLetter, DeadLetterBox } from './dead-letters';

/** A topic's dead letters are in a stream of their own (create-streams.ts). @throws when NATS does not answer */
export async function openJetstreamDeadLetters(url: string): Promise<DeadLetterBox> {
  const connection = await connect({ servers: url, timeout: 5_000 });
  const manager = await jetstreamManager(connection);
  const publisher = jetstream(connection);
  return {
    async list(topic) {
      const letters: DeadLetter[] = [];
      const { first_seq, last_seq } = await rangeOf(topic);
      for (let seq = Math.max(1, first_seq); seq <= last_seq; seq += 1) {
        const message = await messageAt(topic, seq);
        if (message) letters.push({ place: String(seq), diedAt: message.time, json: message.string() });
      }
      return letters;
    },
    async putBack(topic, letters) {
      const [first] = letters;
      if (!first || !(await messageAt(topic, first.place))) return false;
      // Under the event's own id the broker would drop it as a repeat. Under this one it drops what a replay that was
      // cut off before the letters were removed, or a second one at the same time, sends again.
      await publisher.publish(topic, first.json, { msgID: `${streamOf(topic)}-${first.place}` });
      for (const { place } of letters) await remove(topic, place);
      return true;
    },
    close: () => connection.close(),
  };

  function messageAt(topic: string, place: number | string) {
    return manager.streams.getMessage(streamOf(topic), { seq: Number(place) });
  }

  async function rangeOf(topic: string): Promise<{ first_seq: number; last_seq: number }> {
    try {
      return (await manager.streams.info(streamOf(topic))).state;
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== streamNotFound) throw error;
      return { first_seq: 1, last_seq: 0 };
    }
  }

  async function remove(topic: string, place: string): Promise<void> {
    try {
      await manager.streams.deleteMessage(streamOf(topic), Number(place));
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || (await messageAt(topic, place))) throw error;
    }
  }
}

const streamOf = (topic: string) => `${topic}-dead`;

const streamNotFound = 10_059;
