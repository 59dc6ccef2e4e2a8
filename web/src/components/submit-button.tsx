import type { ComponentProps, MouseEvent } from 'react';
import Button from 'react-bootstrap/Button';
import Spinner from 'react-bootstrap/Spinner';

interface Props extends Omit<ComponentProps<'button'>, 'type'> {
  type?: 'submit' | 'button';
  variant?: 'primary' | 'quiet' | 'outline-danger';
  size?: 'lg' | 'sm';
  pending: boolean;
  /** Said while it is under way: "Signing in…" */
  pendingText: string;
}

/** Never disabled while it works, so that focus stays: further presses do nothing, and it says what it is doing. */
export function SubmitButton({ type = 'submit', pending, pendingText, onClick, children, ...rest }: Props) {
  const pressOnce = (event: MouseEvent<HTMLButtonElement>) => {
    if (pending) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <Button {...rest} type={type} aria-disabled={pending || undefined} onClick={pressOnce}>
      {pending ? <Spinner as="span" size="sm" className="me-2" aria-hidden="true" /> : null}
      {pending ? pendingText : children}
    </Button>
  );
}
