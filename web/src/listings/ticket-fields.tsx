import { FormField } from '@/components/form-field';
import { latestDate } from './local-event-time';
import { useSellerZone } from './seller-zone';
import type { TicketFormControl } from './use-ticket-form';

/** The fields of a ticket, for a new one and for one that is edited. */
export function TicketFields({ form: { register, formState } }: { form: TicketFormControl }) {
  const { errors } = formState;
  const zone = useSellerZone();
  return (
    <>
      <FormField
        label="Title"
        hint="What and where in the house: “Symphony No. 5, row 15, seat 8”."
        autoComplete="off"
        problem={errors.title?.message}
        {...register('title')}
      />
      <FormField
        label="Price in US dollars"
        prefix="$"
        hint="Such as 45 or 45.50. You can change it until someone is buying."
        inputMode="decimal"
        autoComplete="off"
        problem={errors.price?.message}
        {...register('price')}
      />
      <FormField label="Venue (optional)" autoComplete="off" problem={errors.venue?.message} {...register('venue')} />
      <fieldset>
        <legend className="visually-hidden">When the event begins</legend>
        <div className="row">
          <div className="col-sm-6">
            <FormField
              label="Date of the event (optional)"
              type="date"
              max={latestDate}
              hint="It is for sale until the event begins."
              problem={errors.date?.message}
              {...register('date')}
            />
          </div>
          <div className="col-sm-6">
            <FormField
              label="Time it begins"
              type="time"
              hint={zone ? `On clocks in ${zoneInWords(zone)}.` : 'On your clock.'}
              problem={errors.time?.message}
              {...register('time')}
            />
          </div>
        </div>
      </fieldset>
    </>
  );
}

/** `America/New_York` as people read it. */
const zoneInWords = (zone: string): string => zone.split('/').reverse().join(', ').replaceAll('_', ' ');
