'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { signInIfLost } from '@/accounts/sign-in-if-lost';
import { call } from '@/api/call';
import { ticketPath } from '@/api/paths';
import { ApiError } from '@/api/problem';
import type { Ticket } from '@/api/types';
import { announce } from '@/components/announce';
import { ProblemAlert } from '@/components/problem-alert';
import { SubmitButton } from '@/components/submit-button';
import { KeptForm } from '@/forms/kept-form';
import { useKeptDraft } from '@/forms/use-kept-draft';
import { useSubmission } from '@/forms/use-submission';
import { DraftNote } from './draft-note';
import { emptyTicketForm, fieldOfForm } from './read-ticket-form';
import { TicketFields } from './ticket-fields';
import { useTicketForm } from './use-ticket-form';

const page = '/sell';

interface Props {
  accountId: string | undefined;
}

export function SellForm({ accountId }: Props) {
  const router = useRouter();
  const form = useTicketForm();
  const { onSubmit, submitting, problem } = useSubmission(form, fieldOfForm);
  const [restored, setRestored] = useState(false);
  const forgetDraft = useKeptDraft(form, {
    page,
    accountId,
    about: null,
    onRestored: ({ typed }) => {
      // Typed before the scripts were alive: that is newer.
      if (Object.values(form.getValues()).some(Boolean)) return;
      form.reset(typed);
      setRestored(true);
    },
  });

  const sell = onSubmit(async (body) => {
    const ticket = await signInIfLost(
      call<Ticket>('/api/tickets', { method: 'POST', body }).catch(perhapsListed),
      page,
    );
    forgetDraft();
    announce('Your ticket is for sale. This is what buyers see.');
    router.push(ticketPath(ticket.id));
    return 'leave';
  });
  const startAgain = () => {
    forgetDraft();
    form.reset(emptyTicketForm);
    setRestored(false);
  };

  return (
    <KeptForm onSubmit={sell}>
      <ProblemAlert problem={problem} />
      {restored && <DraftNote onDiscard={startAgain} />}
      <TicketFields form={form} />
      <SubmitButton pending={submitting} pendingText="Listing…">
        List this ticket
      </SubmitButton>
    </KeptForm>
  );
}

/** No answer, or none of the service's own, does not say that nothing happened: listing again could list it twice. */
function perhapsListed(error: unknown): never {
  if (!(error instanceof ApiError) || error.problem.status < 500) throw error;
  const detail = `${error.problem.detail} Look into “My listings” first: the ticket may be there already.`;
  throw new ApiError({ ...error.problem, detail });
}
