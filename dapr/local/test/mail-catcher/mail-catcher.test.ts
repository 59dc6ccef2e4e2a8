import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { request } from 'undici';
import { type MailCatcher, type Message, type MessageSummary, startMailCatcher } from '../../src/mail-catcher';
import { waitFor } from '../wait-for';

let catcher: MailCatcher;

beforeEach(async () => {
  catcher = await startMailCatcher({ smtpPort: 0, webPort: 0 });
});
afterEach(() => {
  jest.useRealTimers();
  return catcher.stop();
});

const deliver = (mail: SendMailOptions, { smtpPort } = catcher) =>
  createTransport({ host: '127.0.0.1', port: smtpPort }).sendMail({ from: 'shop@example.com', text: 'Hello', ...mail });

async function call(path: string, init: Parameters<typeof request>[1] = {}, { webUrl } = catcher) {
  const answer = await request(webUrl + path, init);
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
}

const listed = async (search = '', from = catcher): Promise<MessageSummary[]> =>
  (JSON.parse((await call(`/api/messages${search}`, {}, from)).body) as { messages: MessageSummary[] }).messages;

const read = async (id: string): Promise<Message> => JSON.parse((await call(`/api/messages/${id}`)).body) as Message;

describe('taking mails', () => {
  it('keeps subject, addresses, text, HTML, headers and attachments', async () => {
    await deliver({
      to: 'Ann <ann@example.com>',
      bcc: 'hidden@example.com',
      subject: 'Your ticket — ✓',
      text: 'See you there',
      html: '<p>See you <b>there</b></p>',
      headers: { 'X-Order': '42' },
      attachments: [{ filename: 'ticket.pdf', content: Buffer.from('%PDF-1.7'), contentType: 'application/pdf' }],
    });

    const [summary] = await listed();
    expect(summary).toMatchObject({
      subject: 'Your ticket — ✓',
      from: [{ address: 'shop@example.com' }],
      to: [{ name: 'Ann', address: 'ann@example.com' }, { address: 'hidden@example.com' }],
      preview: 'See you there',
      hasAttachments: true,
    });
    const message = await read(summary?.id ?? '');
    expect(message.html).toContain('<b>there</b>');
    expect(message.headers).toContainEqual({ name: 'X-Order', value: '42' });
    expect(Buffer.from(message.attachments[0]?.contentBase64 ?? '', 'base64').toString()).toBe('%PDF-1.7');
    const file = await call(`/messages/${message.id}/attachments/0`);
    expect(file.body).toBe('%PDF-1.7');
    expect(file.headers['content-disposition']).toBe("attachment; filename*=UTF-8''ticket.pdf");
  });

  it('shows the newest first and finds by address, subject and time', async () => {
    await deliver({ to: 'ann@example.com', subject: 'Welcome' });
    await deliver({ to: 'bob@example.com', subject: 'Sold: Opera' });
    const all = await listed();
    expect(all.map(({ subject }) => subject)).toEqual(['Sold: Opera', 'Welcome']);
    expect((await listed('?to=ANN@example.com')).map(({ subject }) => subject)).toEqual(['Welcome']);
    expect(await listed('?to=nn@example.com')).toEqual([]);
    expect((await listed('?subject=opera')).map(({ subject }) => subject)).toEqual(['Sold: Opera']);
    const since = new Date(Date.parse(all[0]?.receivedAt ?? '') + 1).toISOString();
    expect(await listed(`?since=${since}`)).toEqual([]);
    expect(await listed(`?since=${all[1]?.receivedAt}`)).toHaveLength(2);
    expect((await call('/api/messages?since=yesterday')).status).toBe(400);
  });

  it('takes ten mails, each over a connection of its own', async () => {
    for (let n = 0; n < 10; n++) await deliver({ to: 'ann@example.com', subject: `${n}` });
    expect(await listed()).toHaveLength(10);
  });

  it('greets a client at once, waiting for no timer', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
    const socket = connect(catcher.smtpPort, '127.0.0.1').setEncoding('utf8');
    const [heard] = await once(socket, 'data');
    expect(heard).toMatch(/^220 /);
    socket.destroy();
  });

  it('greets a client once, also one that takes its time', async () => {
    const began = performance.now();
    const socket = connect(catcher.smtpPort, '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    await waitFor(() => heard.includes('220'));
    await waitFor(() => performance.now() - began > 250);
    socket.end('QUIT\r\n');
    await once(socket, 'close');
    expect(heard.match(/^220 /gm)).toHaveLength(1);
    expect(heard).toContain('221');
  });

  it('empties on demand', async () => {
    await deliver({ to: 'ann@example.com' });
    expect((await call('/api/messages', { method: 'DELETE' })).status).toBe(200);
    expect(await listed()).toEqual([]);
  });
});

describe('keeping mails', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mails-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('has them after a restart, and none that were deleted', async () => {
    const first = await startMailCatcher({ smtpPort: 0, webPort: 0, dataDir: folder });
    await deliver({ to: 'ann@example.com', subject: 'one' }, first);
    await deliver({ to: 'ann@example.com', subject: 'two' }, first);
    await first.stop();

    const second = await startMailCatcher({ smtpPort: 0, webPort: 0, dataDir: folder });
    expect((await listed('', second)).map(({ subject }) => subject)).toEqual(['two', 'one']);
    await call('/api/messages', { method: 'DELETE' }, second);
    await second.stop();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('misbehaving', () => {
  it('refuses the next mails with 451, then takes them', async () => {
    const answer = await call('/api/faults', { method: 'POST', body: '{"refuseNext":2}' });
    expect(JSON.parse(answer.body)).toEqual({ refuseNext: 2 });
    await expect(deliver({ to: 'ann@example.com' })).rejects.toMatchObject({ responseCode: 451 });
    await expect(deliver({ to: 'ann@example.com' })).rejects.toMatchObject({ responseCode: 451 });
    await deliver({ to: 'ann@example.com', subject: 'third' });
    expect((await listed()).map(({ subject }) => subject)).toEqual(['third']);
  });

  it.each(['{"refuseNext":-1}', '{}', 'x', '[]'])('does not take the fault %s', async (body) => {
    expect((await call('/api/faults', { method: 'POST', body })).status).toBe(400);
  });

  it('says which port is taken, and leaves the other free', async () => {
    const { webPort } = catcher;
    const starting = startMailCatcher({ smtpPort: 0, webPort });
    await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE', port: webPort });
    await expect(startMailCatcher({ smtpPort: catcher.smtpPort, webPort: 0 })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port: catcher.smtpPort,
    });
  });
});

describe('the inbox page', () => {
  it('shows what a mail says without believing it', async () => {
    await deliver({ to: 'ann@example.com', subject: '<script>alert(1)</script>', html: '<script>alert(2)</script>' });
    const [summary] = await listed();
    const inbox = await call('/');
    expect(inbox.body).toContain('The last 500 are kept.');
    expect(inbox.body).toContain('&#60;script&#62;alert(1)');
    expect(inbox.body).not.toContain('<script>alert');
    const message = await call(`/messages/${summary?.id}`);
    expect(message.body).not.toContain('<script>alert');
    expect(message.body).toMatch(/<iframe[^>]+sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    const frame = await call(`/messages/${summary?.id}/html`);
    expect(frame.headers['content-security-policy']).toContain("default-src 'none'");
    expect(frame.headers['content-security-policy']).toContain('sandbox allow-popups');
  });

  it('shows text and headers of a mail without HTML', async () => {
    await deliver({ to: 'ann@example.com', subject: 'plain', text: 'a < b' });
    const [summary] = await listed();
    expect((await call(`/messages/${summary?.id}`)).body).toContain('a &#60; b');
    expect((await call(`/messages/${summary?.id}?view=headers`)).body).toContain('<th scope="row">Subject</th>');
  });

  it('is told about new mails', async () => {
    const stream = await request(`${catcher.webUrl}/stream`);
    let heard = '';
    stream.body.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    await waitFor(() => heard.includes('retry'));
    await deliver({ to: 'ann@example.com' });
    await waitFor(() => heard.includes('event: changed'));
    stream.body.on('error', () => undefined).destroy();
  });

  it.each([
    ['a name pointed at this machine', { host: 'evil.example' }],
    ['a script on another page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a script on another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
    ['a script of another origin', { origin: 'http://evil.example' }],
    ['a frame without an origin', { origin: 'null' }],
  ])('refuses %s', async (_who, headers) => {
    const port = catcher.webPort;
    expect((await call('/api/messages', { headers: { host: `127.0.0.1:${port}`, ...headers } })).status).toBe(403);
  });

  it('is emptied by its own page, and by no other origin', async () => {
    const own = { host: `127.0.0.1:${catcher.webPort}` };
    const empty = (origin: string) => call('/api/messages', { method: 'DELETE', headers: { ...own, origin } });
    await deliver({ to: 'ann@example.com' });
    expect((await empty('http://127.0.0.1:1')).status).toBe(403);
    expect(await listed()).toHaveLength(1);
    expect((await empty(`http://${own.host}`)).status).toBe(200);
    expect(await listed()).toEqual([]);
  });

  it('refuses a form on another page, but not a link', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await call('/delete-all', { method: 'POST', headers })).status).toBe(403);
    expect((await call('/', { headers })).status).toBe(200);
  });

  it('answers 404 for what is not there', async () => {
    expect((await call('/api/messages/none')).status).toBe(404);
    expect((await call('/messages/none')).status).toBe(404);
    expect((await call('/elsewhere')).status).toBe(404);
  });
});
