import type { Metadata } from 'next';
import { SignOutButton } from '@/accounts/sign-out-button';
import { PageHeading } from '@/components/page-heading';

export const metadata: Metadata = { title: 'Sign out', robots: { index: false } };

export default function SignOutPage() {
  return (
    <>
      <PageHeading title="Sign out" lead="Of this browser, in all its tabs." />
      <SignOutButton className="btn btn-primary" />
    </>
  );
}
