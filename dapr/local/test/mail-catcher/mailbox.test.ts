import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mailbox } from '../../src/mail-catcher/mailbox';
import type { Message } from '../../src/mail-catcher/message';

const mail = (number: number): Message => ({
  id: `mail-${number}`,
  receivedAt: new Date(Date.UTC(2026, 0, 1) + number).toISOString(),
  from: [],
  to: [],
  subject: `${number}`,
  preview: '',
  hasAttachments: false,
  text: '',
  html: null,
  headers: [],
  attachments: [],
});

it('keeps the last 500 mails, in memory and on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mailbox-'));
  const mailbox = await Mailbox.open(folder);
  for (let number = 1; number <= 503; number += 1) await mailbox.add(mail(number));

  const subjects = mailbox.list().map(({ subject }) => subject);
  expect(subjects).toHaveLength(500);
  expect([subjects[0], subjects.at(-1)]).toEqual(['503', '4']);
  expect(await readdir(folder)).toHaveLength(500);
  expect((await Mailbox.open(folder)).list().map(({ subject }) => subject)).toEqual(subjects);
  await rm(folder, { recursive: true });
});
