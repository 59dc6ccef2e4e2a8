import { useRef } from 'react';
import { type FieldErrors, type Resolver, type UseFormReturn, useForm } from 'react-hook-form';
import { emptyTicketForm, readTicketForm, type SentTicket, type TicketForm } from './read-ticket-form';
import { sellerZone } from './seller-zone';

export type TicketFormControl = UseFormReturn<TicketForm, unknown, SentTicket>;

/** @param before what the form begins with when it edits a ticket */
export function useTicketForm(before?: TicketForm): TicketFormControl {
  const began = useRef(before);
  began.current = before;
  const resolver: Resolver<TicketForm, unknown, SentTicket> = (typed) => {
    const read = readTicketForm({ ...emptyTicketForm, ...typed }, sellerZone(), new Date(), began.current);
    if ('ticket' in read) return { values: read.ticket, errors: {} };
    const errors: FieldErrors<TicketForm> = {};
    for (const [field, message] of Object.entries(read.problems)) {
      errors[field as keyof TicketForm] = { type: 'typed', message };
    }
    return { values: {}, errors };
  };
  return useForm<TicketForm, unknown, SentTicket>({ resolver, ...(before ? { defaultValues: before } : {}) });
}
