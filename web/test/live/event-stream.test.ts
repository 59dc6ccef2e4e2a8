import { eventReader } from '@/live/event-stream';

function read(...pieces: string[]): [string, string][] {
  const events: [string, string][] = [];
  const reader = eventReader((type, data) => events.push([type, data]));
  for (const piece of pieces) reader(piece);
  return events;
}

test('Tells of each whole event, with its type', () => {
  expect(read('retry: 2000\n\nevent: listing\ndata: {"a":1}\n\nevent: other\ndata: b\n\n')).toEqual([
    ['listing', '{"a":1}'],
    ['other', 'b'],
  ]);
});

test('An event may come in any pieces', () => {
  const text =
    'event: listing\r\ndata: one\r\ndata: two\r\n\r\n: heartbeat\r\n\r\nevent: listing\r\ndata: three\r\n\r\n';
  for (let at = 0; at <= text.length; at += 1) {
    expect(read(text.slice(0, at), text.slice(at))).toEqual([
      ['listing', 'one\ntwo'],
      ['listing', 'three'],
    ]);
  }
});

test('Heartbeats and an event that is cut off are none', () => {
  expect(read(': heartbeat\n\n', 'event: listing\ndata: {"a"')).toEqual([]);
});
