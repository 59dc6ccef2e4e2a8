import { useEffect, useRef } from 'react';
import type { FieldValues, UseFormReturn } from 'react-hook-form';
import { forgetDraft, keepDraft, keptDraft } from './drafts';

interface Options<Typed, About> {
  /** Path of the page; a draft comes back there only. */
  page: string;
  /** Whose draft it is; nobody else gets it back. */
  accountId: string | undefined;
  /** What the draft was made against, such as the version of what is edited. */
  about: About;
  /** Called once, when there was a draft to put back. */
  onRestored: (draft: { typed: Typed; about: About }) => void;
}

/**
 * Keeps what is typed over a reload, a lost session and the way to sign in and back, within this tab. Not for
 * passwords.
 * @returns forget, for when it was sent or thrown away
 */
export function useKeptDraft<Typed extends FieldValues, About, Sent>(
  form: UseFormReturn<Typed, unknown, Sent>,
  { page, accountId, about, onRestored }: Options<Typed, About>,
): () => void {
  const current = useRef({ about, onRestored });
  current.current = { about, onRestored };

  useEffect(() => {
    if (accountId === undefined) return;
    const draft = keptDraft<Typed, About>(page, accountId);
    if (draft) current.current.onRestored(draft);
    return form.subscribe({
      formState: { values: true },
      callback: ({ values, name }) => {
        // Only what a person typed: `reset` names no field.
        if (name) keepDraft(page, accountId, { typed: values, about: current.current.about });
      },
    });
  }, [form, page, accountId]);

  return () => forgetDraft(page);
}
