import { Redis } from 'ioredis';
import type { DeadLetter, DeadLetterBox } from './dead-letters';

const atOnce = 500;

/** In one step, so that an event is neither lost nor put back twice. Written first: an error then leaves the letters. */
const putBackScript = `
local fields
for _, place in ipairs(ARGV) do
  local entry = redis.call('XRANGE', KEYS[1], place, place)[1]
  if entry then fields = fields or entry[2] end
end
if not fields then return 0 end
redis.call('XADD', KEYS[2], '*', unpack(fields))
redis.call('XDEL', KEYS[1], unpack(ARGV))
return 1`;

/** Daprd keeps a topic in a stream of its name, the event in the field `data`. @throws when Redis does not answer */
export async function openRedisDeadLetters(url: string): Promise<DeadLetterBox> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 5_000, retryStrategy: () => null });
  let fault: Error | undefined;
  redis.on('error', (error) => {
    fault = error;
  });
  await redis.connect().catch((error: unknown) => {
    throw fault ?? error;
  });
  return {
    async list(topic) {
      const letters: DeadLetter[] = [];
      for (let from = '-', read = atOnce; read === atOnce; from = `(${letters.at(-1)?.place}`) {
        const entries = await redis.xrange(dead(topic), from, '+', 'COUNT', atOnce);
        letters.push(...entries.map(letterOf));
        read = entries.length;
      }
      return letters;
    },
    async putBack(topic, letters) {
      const places = letters.map(({ place }) => place);
      return (await redis.eval(putBackScript, 2, dead(topic), topic, ...places)) === 1;
    },
    async close() {
      redis.disconnect();
    },
  };
}

const dead = (topic: string) => `${topic}.dead`;

function letterOf([place, fields]: [string, string[]]): DeadLetter {
  const data = fields.findIndex((name, index) => index % 2 === 0 && name === 'data');
  return { place, diedAt: new Date(Number(place.split('-')[0])), json: (data >= 0 && fields[data + 1]) || '' };
}
