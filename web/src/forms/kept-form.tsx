import type { ComponentProps, FormEvent } from 'react';
import { useRef } from 'react';

interface Props extends Pick<ComponentProps<'form'>, 'className' | 'hidden'> {
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children: React.ReactNode;
}

/**
 * A form that scripts send. Pressed before they are alive, it is not sent as the page's own address and emptied: React
 * keeps the press of a form whose action is a function, and repeats it once it can be answered. (React's script for that
 * comes with the page, so also a password keeper may press at once.) Without JavaScript a press does nothing.
 */
export function KeptForm({ onSubmit, children, ...rest }: Props) {
  const form = useRef<HTMLFormElement>(null);
  /** Comes to `onSubmit` as any press does. */
  const pressAgain = () => form.current?.requestSubmit();
  return (
    // After an action React empties the fields; whether they may be is known only to who sends them.
    <form
      {...rest}
      ref={form}
      noValidate
      action={pressAgain}
      onSubmit={onSubmit}
      onReset={(event) => event.preventDefault()}
    >
      {children}
    </form>
  );
}
