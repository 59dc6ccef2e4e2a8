'use client';

import { Fragment, type ReactNode, useState } from 'react';

interface Props {
  /** Nothing when it cannot be found out now: what is shown stays then. */
  accountId: string | undefined;
  children: ReactNode;
}

/** Begins anew when another account signs in, so that nobody finds what somebody else typed. */
export function OfOneAccount({ accountId, children }: Props) {
  const [owner, setOwner] = useState({ accountId, before: 0 });
  if (accountId !== undefined && accountId !== owner.accountId) {
    setOwner({ accountId, before: owner.accountId === undefined ? owner.before : owner.before + 1 });
  }
  return <Fragment key={owner.before}>{children}</Fragment>;
}
