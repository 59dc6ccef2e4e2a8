import { type ComponentProps, type ReactNode, useId } from 'react';

interface Props extends Omit<ComponentProps<'input'>, 'id'> {
  label: string;
  /** Said before anything goes wrong. */
  hint?: ReactNode;
  /** What is wrong with it, in a sentence. */
  problem?: string | undefined;
  /** Stands in front of the text, such as a currency's sign. */
  prefix?: string;
}

/** A labelled input with its hint and problem beside it, tied to it for screen readers. Takes `register()` as it comes. */
export function FormField({ label, hint, problem, prefix, className = '', ...input }: Props) {
  const id = useId();
  const hintId = `${id}-hint`;
  const problemId = `${id}-problem`;
  const described = [hint ? hintId : '', problem ? problemId : ''].filter(Boolean).join(' ');
  const control = (
    <input
      id={id}
      className={`form-control${problem ? ' is-invalid' : ''}`}
      aria-describedby={described || undefined}
      aria-invalid={problem ? true : undefined}
      {...input}
    />
  );
  return (
    <div className={`mb-3 ${className}`}>
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      {prefix ? (
        <div className="input-group">
          <span className="input-group-text" aria-hidden="true">
            {prefix}
          </span>
          {control}
        </div>
      ) : (
        control
      )}
      {hint ? (
        <div className="form-text" id={hintId}>
          {hint}
        </div>
      ) : null}
      {problem ? (
        <div className="field-problem" id={problemId}>
          {problem}
        </div>
      ) : null}
    </div>
  );
}
