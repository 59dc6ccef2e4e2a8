import type { Metadata } from 'next';
import { PageHeading } from '@/components/page-heading';

export const metadata: Metadata = { title: 'Sign up' };

export default function SignUpPage() {
  return <PageHeading title="Sign up" />;
}
