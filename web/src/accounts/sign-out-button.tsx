'use client';

import { useRef, useState } from 'react';
import { call, problemFrom } from '@/api/call';
import { leaveAccount } from './leave-account';
import { openPage } from './open-page';

interface Props {
  /** Classes of the button. */
  className?: string;
}

/** Works without JavaScript too: the API leads the form it then sends to the page that says that it is done. */
export function SignOutButton({ className = 'btn btn-quiet' }: Props) {
  const underWay = useRef(false);
  const [refusal, setRefusal] = useState<string>();
  const signOut = async () => {
    if (underWay.current) return;
    underWay.current = true;
    setRefusal(undefined);
    try {
      await call('/api/users/signout', { method: 'POST' });
      leaveAccount();
      openPage('/');
    } catch (error) {
      setRefusal(problemFrom(error).detail);
      underWay.current = false;
    }
  };
  return (
    <form
      method="post"
      action="/api/users/signout"
      onSubmit={(event) => {
        event.preventDefault();
        void signOut();
      }}
    >
      <button type="submit" className={className}>
        Sign out
      </button>
      {refusal && (
        <p role="alert" className="field-problem mb-0">
          {refusal}
        </p>
      )}
    </form>
  );
}
