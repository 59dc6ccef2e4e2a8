import type { Stack } from './start-stack';

export interface Mail {
  to: string[];
  subject: string;
}

/** What the stack's mail catcher holds for the address. */
export async function mailsTo(stack: Pick<Stack, 'ports'>, address: string): Promise<Mail[]> {
  const inbox = `http://127.0.0.1:${stack.ports.backing.inbox}/api/messages`;
  const reply = await fetch(`${inbox}?to=${encodeURIComponent(address)}`);
  const body = (await reply.json()) as Mail[] | { messages: Mail[] };
  return Array.isArray(body) ? body : body.messages;
}
