// What was typed and not sent yet, for as long as the tab lives. Nothing here may be a password.
import { tabStorage } from '@/tab/tab-storage';

export interface Draft<Typed, About> {
  typed: Typed;
  about: About;
}

type StoredDraft<Typed, About> = Draft<Typed, About> & { accountId: string };

const prefix = 'draft:';

export function keepDraft<Typed, About>(page: string, accountId: string, draft: Draft<Typed, About>): void {
  tabStorage.keep(prefix + page, { accountId, ...draft });
}

export function keptDraft<Typed, About>(page: string, accountId: string): Draft<Typed, About> | undefined {
  const stored = tabStorage.recall<StoredDraft<Typed, About>>(prefix + page);
  return stored?.accountId === accountId ? { typed: stored.typed, about: stored.about } : undefined;
}

export const forgetDraft = (page: string): void => tabStorage.forget(prefix + page);

/** Before somebody else may use this tab. */
export function forgetAllDrafts(): void {
  for (const key of tabStorage.keys()) if (key.startsWith(prefix)) tabStorage.forget(key);
}
