'use client';

import { useForm } from 'react-hook-form';
import { call } from '@/api/call';
import { signInPath } from '@/api/paths';
import { FormField } from '@/components/form-field';
import { PageLink } from '@/components/page-link';
import { ProblemAlert } from '@/components/problem-alert';
import { SubmitButton } from '@/components/submit-button';
import { KeptForm } from '@/forms/kept-form';
import { useSubmission } from '@/forms/use-submission';
import { emailProblem, newPasswordProblem, passwordLength } from './account-rules';
import { openPage } from './open-page';
import { sessionChanges } from './session-channel';

interface NewAccount {
  email: string;
  password: string;
}

interface Props {
  /** A path of this site. */
  next: string;
}

export function SignUpForm({ next }: Props) {
  const form = useForm<NewAccount>();
  const { errors } = form.formState;
  const { onSubmit, submitting, problem } = useSubmission(form, fieldOf);
  const signUp = onSubmit(async (account) => {
    await call('/api/users/signup', { method: 'POST', body: account });
    sessionChanges.tell('changed');
    openPage(next);
    return 'leave';
  });
  return (
    <KeptForm onSubmit={signUp}>
      <ProblemAlert problem={problem} />
      <FormField
        label="E-mail address"
        type="email"
        autoComplete="username"
        hint="Your tickets and receipts are sent here."
        problem={errors.email?.message}
        {...form.register('email', { validate: emailProblem })}
      />
      <FormField
        label="Password"
        type="password"
        autoComplete="new-password"
        hint={`At least ${passwordLength.min} characters. A few words in a row are easy to remember and hard to guess.`}
        problem={errors.password?.message}
        {...form.register('password', { validate: newPasswordProblem })}
      />
      <SubmitButton pending={submitting} pendingText="Creating your account…">
        Create account
      </SubmitButton>
      <p className="mt-4 mb-0">
        Already have one? <PageLink href={signInPath(next)}>Sign in</PageLink>
      </p>
    </KeptForm>
  );
}

const fieldOf = (field: string) => (field === 'email' || field === 'password' ? field : undefined);
