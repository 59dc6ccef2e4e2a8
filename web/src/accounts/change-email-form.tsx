'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '@/api/call';
import { FormField } from '@/components/form-field';
import { ProblemAlert } from '@/components/problem-alert';
import { SubmitButton } from '@/components/submit-button';
import { KeptForm } from '@/forms/kept-form';
import { useSubmission } from '@/forms/use-submission';
import { emailProblem } from './account-rules';
import { signInIfLost } from './sign-in-if-lost';

interface EmailChange {
  email: string;
  currentPassword: string;
}

export function ChangeEmailForm() {
  const router = useRouter();
  const form = useForm<EmailChange>();
  const { errors } = form.formState;
  const { onSubmit, submitting, problem } = useSubmission(form, fieldOf);
  const [changedTo, setChangedTo] = useState<string>();
  const change = onSubmit(async (body) => {
    setChangedTo(undefined);
    await signInIfLost(call('/api/users/currentuser', { method: 'PATCH', body }), '/account');
    form.reset({ email: '', currentPassword: '' });
    // As it was typed: the account keeps domains of other letters than a to z in a form that nobody reads.
    setChangedTo(body.email.trim());
    router.refresh();
    return 'stay';
  });
  return (
    <KeptForm onSubmit={change}>
      <ProblemAlert problem={problem} />
      <FormField
        label="New e-mail address"
        type="email"
        autoComplete="email"
        problem={errors.email?.message}
        {...form.register('email', { validate: emailProblem })}
      />
      <FormField
        label="Current password"
        type="password"
        autoComplete="current-password"
        hint="To make sure that it is you."
        problem={errors.currentPassword?.message}
        {...form.register('currentPassword', { required: 'Give your current password.' })}
      />
      <SubmitButton pending={submitting} pendingText="Changing…">
        Change e-mail address
      </SubmitButton>
      <p role="status" className="form-news">
        {changedTo && `From now on we write to ${changedTo}.`}
      </p>
    </KeptForm>
  );
}

const fieldOf = (field: string) => (field === 'email' || field === 'currentPassword' ? field : undefined);
