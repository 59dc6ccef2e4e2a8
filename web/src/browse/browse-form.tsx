import Form from 'next/form';
import { FormField } from '@/components/form-field';
import { type BrowseAddress, sortNames } from './listing-query';

/** A form as old as the web: it puts everything into the address, with and without JavaScript. */
export const BrowseForm = ({ typed, problems }: Pick<BrowseAddress, 'typed' | 'problems'>) => (
  <Form className="browse-form" action="/" prefetch={false} role="search" aria-label="Tickets">
    <FormField
      label="Event or venue"
      name="q"
      type="search"
      defaultValue={typed.q}
      maxLength={200}
      placeholder="Band, team, arena …"
      className="browse-words"
    />
    <FormField
      label="Lowest price"
      name="min"
      inputMode="decimal"
      prefix="$"
      defaultValue={typed.min}
      problem={problems.min}
      maxLength={12}
    />
    <FormField
      label="Highest price"
      name="max"
      inputMode="decimal"
      prefix="$"
      defaultValue={typed.max}
      problem={problems.max}
      maxLength={12}
    />
    <div className="mb-3 browse-sort">
      <label className="form-label" htmlFor="sort">
        Sort by
      </label>
      <select className="form-select" id="sort" name="sort" defaultValue={typed.sort}>
        {Object.entries(sortNames).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
    <button className="btn btn-primary mb-3 browse-submit" type="submit">
      Search
    </button>
  </Form>
);
