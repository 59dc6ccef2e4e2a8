import { tabChannel } from '@/tab/tab-channel';

test('What one tab tells, the others hear until they stop, each channel its own', async () => {
  const [one, other, elsewhere] = [tabChannel<string>('one'), tabChannel<string>('one'), tabChannel<string>('two')];
  const heard: string[] = [];
  const stopElsewhere = elsewhere.hear((message) => heard.push(`elsewhere: ${message}`));
  const first = new Promise<void>((resolve) => {
    const stop = other.hear((message) => {
      heard.push(message);
      stop();
      resolve();
    });
  });
  one.tell('changed');
  await first;

  const second = new Promise<void>((resolve) => {
    const stop = other.hear((message) => {
      heard.push(message);
      stop();
      resolve();
    });
  });
  one.tell('again');
  await second;
  stopElsewhere();
  expect(heard).toEqual(['changed', 'again']);
});

test('A tab that tells something does not hear it itself', async () => {
  const own = tabChannel<string>('answered');
  const otherTab = new BroadcastChannel('answered');
  otherTab.onmessage = ({ data }: MessageEvent<string>) => otherTab.postMessage(`${data}, seen`);
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    const stop = own.hear((message) => {
      heard.push(message);
      if (!message.endsWith('seen')) return;
      stop();
      resolve();
    });
    own.tell('changed');
  });
  otherTab.close();
  expect(heard).toEqual(['changed, seen']);
});
