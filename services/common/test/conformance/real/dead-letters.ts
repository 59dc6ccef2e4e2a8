// Reads a topic's dead letters past Dapr, where the broker keeps them.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import type { Topic } from '../../../src';
import type { Sidecars } from './sidecars';

export const readDeadLetterIds = ({ redisUrl, natsUrl }: Sidecars, topic: Topic): Promise<string[]> =>
  natsUrl ? fromStream(natsUrl, topic) : fromRedis(redisUrl, topic);

async function fromRedis(url: string, topic: Topic): Promise<string[]> {
  const redis = new Redis(url);
  try {
    const entries = await redis.xrange(`${topic}.dead`, '-', '+');
    return entries.map(([, [, data]]) => idIn(data ?? '{}'));
  } finally {
    redis.disconnect();
  }
}

async function fromStream(url: string, topic: Topic): Promise<string[]> {
  const connection = await connect({ servers: url });
  try {
    const manager = await jetstreamManager(connection);
    const stream = `${topic}-dead`;
    const { state } = await manager.streams.info(stream);
    const ids: string[] = [];
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage(stream, { seq });
      if (message) ids.push(idIn(message.string()));
    }
    return ids;
  } finally {
    await connection.close();
  }
}

const idIn = (json: string): string => (JSON.parse(json) as { id: string }).id;
