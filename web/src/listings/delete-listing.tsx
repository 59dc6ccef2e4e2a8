'use client';

import { useRouter } from 'next/navigation';
import { useId, useRef, useState } from 'react';
import { signInIfLost } from '@/accounts/sign-in-if-lost';
import { call, problemFrom } from '@/api/call';
import { ApiError, type Problem } from '@/api/problem';
import type { Ticket } from '@/api/types';
import { announce } from '@/components/announce';
import { ProblemAlert } from '@/components/problem-alert';
import { SubmitButton } from '@/components/submit-button';
import styles from './delete-listing.module.scss';

interface Props {
  ticket: Pick<Ticket, 'id' | 'title'>;
}

/** Deletes after asking. The browser's own dialog: Escape closes it, and focus stays in it and comes back. */
export function DeleteListing({ ticket }: Props) {
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const [deleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const question = useId();

  const remove = async () => {
    setDeleting(true);
    setProblem(undefined);
    try {
      await signInIfLost(deleteTicket(ticket.id), '/listings');
      dialog.current?.close();
      // The button that was pressed goes with the row.
      document.getElementById('content')?.focus();
      announce(`“${ticket.title}” is deleted.`);
      router.refresh();
    } catch (error) {
      const refusal = problemFrom(error);
      if (refusal.status === 409) {
        // Held or sold by now: the list says so too, and offers no more to delete it.
        dialog.current?.close();
        announce(refusal.detail);
        router.refresh();
      } else setProblem(refusal);
    } finally {
      setDeleting(false);
    }
  };

  return (
    <>
      <button
        type="button"
        className="btn btn-outline-danger btn-sm"
        aria-label={`Delete ${ticket.title}`}
        onClick={() => {
          setProblem(undefined);
          dialog.current?.showModal();
        }}
      >
        Delete
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby={question}>
        <h2 id={question} className={styles.question}>
          Delete “{ticket.title}”?
        </h2>
        <p>It leaves the market at once. This cannot be undone.</p>
        <ProblemAlert problem={problem} />
        <div className="d-flex flex-wrap gap-2 justify-content-end">
          <button type="button" className="btn btn-quiet" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
          <SubmitButton
            type="button"
            variant="outline-danger"
            pending={deleting}
            pendingText="Deleting…"
            onClick={() => void remove()}
          >
            Delete ticket
          </SubmitButton>
        </div>
      </dialog>
    </>
  );
}

/** What is gone already is deleted. */
async function deleteTicket(id: string): Promise<void> {
  try {
    await call(`/api/tickets/${id}`, { method: 'DELETE' });
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 404) throw error;
  }
}
