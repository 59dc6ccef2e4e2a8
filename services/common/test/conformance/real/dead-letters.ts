// A topic's dead letters as the operator's command sees them (`make dead-letters`): past Dapr, in the broker.
import {
  type DeadEvent,
  type DeadLetterBox,
  deadEvents,
} from '../../../../../dapr/local/src/dead-letters/dead-letters';
import { openJetstreamDeadLetters } from '../../../../../dapr/local/src/dead-letters/jetstream-dead-letters';
import { openRedisDeadLetters } from '../../../../../dapr/local/src/dead-letters/redis-dead-letters';
import type { Topic } from '../../../src';
import type { Sidecars } from './sidecars';

export const deadEventsOf = (sidecars: Sidecars, topic: Topic): Promise<DeadEvent[]> =>
  withBox(sidecars, async (box) => deadEvents(await box.list(topic)));

export const putBackDeadLetters = (sidecars: Sidecars, topic: Topic): Promise<number> =>
  withBox(sidecars, async (box) => {
    let count = 0;
    for (const { letters } of deadEvents(await box.list(topic))) count += Number(await box.putBack(topic, letters));
    return count;
  });

async function withBox<Result>({ redisUrl, natsUrl }: Sidecars, work: (box: DeadLetterBox) => Promise<Result>) {
  const box = natsUrl ? await openJetstreamDeadLetters(natsUrl) : await openRedisDeadLetters(redisUrl);
  try {
    return await work(box);
  } finally {
    await box.close();
  }
}
