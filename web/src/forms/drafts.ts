// What was typed and not sent yet, for as long as the tab lives. Nothing here may be a password.

export interface Draft<Typed, About> {
  typed: Typed;
  about: About;
}

const prefix = 'draft:';

export function keepDraft<Typed, About>(page: string, accountId: string, draft: Draft<Typed, About>): void {
  try {
    sessionStorage.setItem(prefix + page, JSON.stringify({ accountId, ...draft }));
  } catch (error) {
    // Storage that is full or switched off keeps nothing, and the form goes on without.
    if (!(error instanceof DOMException)) throw error;
  }
}

export function keptDraft<Typed, About>(page: string, accountId: string): Draft<Typed, About> | undefined {
  const stored = JSON.parse(readStored(page) ?? 'null') as (Draft<Typed, About> & { accountId: string }) | null;
  return stored?.accountId === accountId ? { typed: stored.typed, about: stored.about } : undefined;
}

export function forgetDraft(page: string): void {
  if (readStored(page) !== null) sessionStorage.removeItem(prefix + page);
}

/** Before somebody else may use this tab. */
export function forgetAllDrafts(): void {
  for (const key of storedKeys()) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}

function readStored(page: string): string | null {
  try {
    return sessionStorage.getItem(prefix + page);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

function storedKeys(): string[] {
  try {
    return Object.keys(sessionStorage);
  } catch (error) {
    if (error instanceof DOMException) return [];
    throw error;
  }
}
