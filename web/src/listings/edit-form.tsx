'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { signInIfLost } from '@/accounts/sign-in-if-lost';
import { listingPath } from '@/api/paths';
import type { Problem } from '@/api/problem';
import type { Ticket } from '@/api/types';
import { announce } from '@/components/announce';
import { ProblemAlert } from '@/components/problem-alert';
import { SubmitButton } from '@/components/submit-button';
import { KeptForm } from '@/forms/kept-form';
import { useAlive } from '@/forms/use-alive';
import { useKeptDraft } from '@/forms/use-kept-draft';
import { useSubmission } from '@/forms/use-submission';
import { ChangedMeanwhile } from './changed-meanwhile';
import { DraftNote } from './draft-note';
import { whyNotEditable } from './listing-state';
import { putUnlessStale } from './put-unless-stale';
import { fieldOfForm, ticketForm } from './read-ticket-form';
import { sellerZone } from './seller-zone';
import { TicketFields } from './ticket-fields';
import { type EndOfHold, useEndOfHold } from './use-end-of-hold';
import { useTicketForm } from './use-ticket-form';

interface Props {
  /** As the page was made; for sale, or begun. */
  ticket: Ticket;
  accountId: string | undefined;
}

export function EditForm({ ticket, accountId }: Props) {
  const router = useRouter();
  const page = listingPath(ticket.id);
  /** What the seller's changes are made to. */
  const [base, setBase] = useState(ticket);
  /** As it is now, when somebody changed it after `base`. */
  const [newer, setNewer] = useState<Ticket>();
  /** As last heard of. */
  const [begun, setBegun] = useState(ticket.begun);
  const [restored, setRestored] = useState(false);
  const alive = useAlive();
  const form = useTicketForm(ticketForm(base, sellerZone()));
  const { onSubmit, submitting, problem, setProblem } = useSubmission(form, fieldOfForm);
  useEndOfHold(ticket.id, problem?.code === 'TicketHeld', (state) => {
    setBegun(state === 'begun');
    setProblem(refusalOf(state));
  });
  const forgetDraft = useKeptDraft(form, {
    page,
    accountId,
    about: base,
    onRestored: ({ typed, about }) => {
      setBase(about);
      form.reset(typed);
      setRestored(true);
    },
  });

  const save = onSubmit(async (typed) => {
    setNewer(undefined);
    const put = await signInIfLost(putUnlessStale(base, typed), page);
    if ('stale' in put) {
      setNewer(put.stale);
      setBegun(put.stale.begun);
      return 'stay';
    }
    forgetDraft();
    announce(put.saved.begun ? `Saved. ${noLongerForSale}` : 'Saved. Buyers see the change now.');
    router.push('/listings');
    router.refresh();
    return 'leave';
  });
  const beginFrom = (current: Ticket) => {
    forgetDraft();
    setBase(current);
    setNewer(undefined);
    setRestored(false);
    form.reset(ticketForm(current, sellerZone()));
  };
  const keepMine = () => {
    if (newer) setBase(newer);
    setNewer(undefined);
    form.setFocus('title');
  };

  return (
    <KeptForm onSubmit={save}>
      <ProblemAlert problem={problem} />
      {begun && <p className="notice">{noLongerForSale}</p>}
      {restored && <DraftNote onDiscard={() => beginFrom(ticket)} />}
      {newer && <ChangedMeanwhile now={newer} onTake={() => beginFrom(newer)} onKeep={keepMine} />}
      {/* They are empty until the ticket is put in: its time is told in the seller's zone. */}
      <fieldset disabled={!alive}>
        <TicketFields form={form} />
        <SubmitButton pending={submitting} pendingText="Saving…">
          Save changes
        </SubmitButton>
      </fieldset>
    </KeptForm>
  );
}

const noLongerForSale = 'The event has begun, so this ticket is no longer for sale. A later date puts it up again.';

/** What is said, once its hold has ended, to who wanted to save it meanwhile. */
function refusalOf(state: EndOfHold): Problem | undefined {
  const detail = whyNotEditable[state];
  return detail === null ? undefined : { status: 409, code: 'TicketSold', detail, errors: [] };
}
