'use client';

import { useForm } from 'react-hook-form';
import { call } from '@/api/call';
import { FormField } from '@/components/form-field';
import { PageLink } from '@/components/page-link';
import { ProblemAlert } from '@/components/problem-alert';
import { SubmitButton } from '@/components/submit-button';
import { KeptForm } from '@/forms/kept-form';
import { useSubmission } from '@/forms/use-submission';
import { emailProblem } from './account-rules';
import { openPage } from './open-page';
import { sessionChanges } from './session-channel';

interface Credentials {
  email: string;
  password: string;
}

interface Props {
  /** A path of this site. */
  next: string;
}

export function SignInForm({ next }: Props) {
  const form = useForm<Credentials>();
  const { errors } = form.formState;
  const { onSubmit, submitting, problem } = useSubmission(form, fieldOf);
  const signIn = onSubmit(async (credentials) => {
    await call('/api/users/signin', { method: 'POST', body: credentials });
    sessionChanges.tell('changed');
    openPage(next);
    return 'leave';
  });
  return (
    <KeptForm onSubmit={signIn}>
      <ProblemAlert problem={problem} />
      <FormField
        label="E-mail address"
        type="email"
        autoComplete="username"
        problem={errors.email?.message}
        {...form.register('email', { validate: emailProblem })}
      />
      <FormField
        label="Password"
        type="password"
        autoComplete="current-password"
        problem={errors.password?.message}
        {...form.register('password', { required: 'Give your password.' })}
      />
      <SubmitButton pending={submitting} pendingText="Signing in…">
        Sign in
      </SubmitButton>
      <p className="mt-4 mb-0">
        New here? <PageLink href={`/signup?next=${encodeURIComponent(next)}`}>Create an account</PageLink>
      </p>
    </KeptForm>
  );
}

const fieldOf = (field: string) => (field === 'email' || field === 'password' ? field : undefined);
