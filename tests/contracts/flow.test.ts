// The table of consumers against what each service really subscribes to.
import { type EventName, eventConsumers, events } from '@ticketing/common';
import request from 'supertest';
import { inertApp, serviceNames } from './inert-apps';

interface Declaration {
  pubsubname: string;
  topic: string;
  routes: { rules: { match: string }[] };
}

describe.each(serviceNames)('The subscriptions of %s', (service) => {
  let declarations: Declaration[];
  beforeAll(async () => {
    const answer = await request(inertApp(service)).get('/dapr/subscribe').expect(200);
    declarations = answer.body as Declaration[];
  });

  test('are in the table of consumers, and no others', () => {
    const handled = declarations.flatMap(({ routes }) => routes.rules.map(({ match }) => /"(.+)"/.exec(match)?.[1]));
    const names = Object.keys({ ...eventConsumers[service as keyof typeof eventConsumers] }) as EventName[];
    expect(handled.sort()).toEqual(names.map((name) => events[name].type).sort());
  });

  test("are to each event's own topic, through the component of that name", () => {
    for (const { pubsubname, topic, routes } of declarations) {
      expect(pubsubname).toBe(topic);
      for (const { match } of routes.rules) {
        const type = /"(.+)"/.exec(match)?.[1];
        expect(Object.values(events).find((event) => event.type === type)?.topic).toBe(topic);
      }
    }
  });
});
