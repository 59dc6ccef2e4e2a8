import type { Metadata } from 'next';
import { PageHeading } from '@/components/page-heading';

export const metadata: Metadata = { title: 'Sign in' };

export default function SignInPage() {
  return <PageHeading title="Sign in" />;
}
