import type { ComponentProps, MouseEvent } from 'react';

interface Props extends ComponentProps<'button'> {
  pending: boolean;
  /** Said while it is under way: "Signing in…" */
  pendingText: string;
}

/** Never disabled while it works, so that focus stays: further presses do nothing, and it says what it is doing. */
export function SubmitButton({ pending, pendingText, className = 'btn btn-primary', children, ...rest }: Props) {
  const { onClick } = rest;
  const pressOnce = (event: MouseEvent<HTMLButtonElement>) => {
    if (pending) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button type="submit" {...rest} className={className} aria-disabled={pending || undefined} onClick={pressOnce}>
      {pending ? <span className="btn-spinner" aria-hidden="true" /> : null}
      {pending ? pendingText : children}
    </button>
  );
}
