import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from './message';

export interface MessageFilter {
  /** A whole address, upper or lower case. */
  to?: string | undefined;
  /** A part of the subject, upper or lower case. */
  subject?: string | undefined;
  since?: Date | undefined;
}

/** Older mails go when newer ones come. */
export const mostKept = 500;

/** The last mails, in memory and, when there is a folder, one file each in it. */
export class Mailbox {
  private messages: Message[] = [];
  private readonly listeners = new Set<() => void>();

  private constructor(private readonly folder: string | null) {}

  static async open(folder: string | undefined): Promise<Mailbox> {
    const mailbox = new Mailbox(folder ?? null);
    if (folder === undefined) return mailbox;
    await mkdir(folder, { recursive: true });
    const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
    for (const file of files) {
      mailbox.messages.push(JSON.parse(await readFile(join(folder, file), 'utf8')) as Message);
    }
    await mailbox.dropOldest();
    return mailbox;
  }

  /** Done when the mail is kept as well as it will be. */
  async add(message: Message): Promise<void> {
    if (this.folder) {
      const file = fileOf(this.folder, message);
      await writeFile(`${file}.new`, JSON.stringify(message));
      await rename(`${file}.new`, file);
    }
    this.messages.push(message);
    await this.dropOldest();
    this.tell();
  }

  /** Newest first. */
  list({ to, subject, since }: MessageFilter = {}): Message[] {
    const wantedTo = to?.toLowerCase();
    const wantedSubject = subject?.toLowerCase();
    return this.messages
      .filter((message) => !wantedTo || message.to.some(({ address }) => address.toLowerCase() === wantedTo))
      .filter((message) => !wantedSubject || message.subject.toLowerCase().includes(wantedSubject))
      .filter((message) => !since || message.receivedAt >= since.toISOString())
      .reverse();
  }

  find(id: string): Message | undefined {
    return this.messages.find((message) => message.id === id);
  }

  async clear(): Promise<void> {
    const cleared = this.messages;
    this.messages = [];
    await this.removeFiles(cleared);
    this.tell();
  }

  /** Calls back after each change; the answer ends that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private async dropOldest(): Promise<void> {
    await this.removeFiles(this.messages.splice(0, Math.max(0, this.messages.length - mostKept)));
  }

  private async removeFiles(messages: Message[]): Promise<void> {
    const { folder } = this;
    if (!folder) return;
    await Promise.all(messages.map((message) => rm(fileOf(folder, message), { force: true })));
  }
}

/** Sorts by the time of arrival. */
const fileOf = (folder: string, { id, receivedAt }: Message): string =>
  join(folder, `${receivedAt.replaceAll(/[:.]/g, '-')}-${id}.json`);
