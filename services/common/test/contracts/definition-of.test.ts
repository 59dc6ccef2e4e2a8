import { definitionOf, events } from '../../src';

test.each(Object.values(events).map((event) => [event.type, event] as const))(
  'When an event of type %s was stored, then its contract is found',
  (type, event) => {
    expect(definitionOf(type)).toBe(event);
  },
);

test.each(['order.vanished', '', 'OrderCreated', 'toString'])(
  'When its type is %j, then nothing is guessed',
  (type) => {
    expect(() => definitionOf(type)).toThrow(`no event of type ${type}`);
  },
);
