'use client';

import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '@/api/call';
import { FormField } from '@/components/form-field';
import { ProblemAlert } from '@/components/problem-alert';
import { SubmitButton } from '@/components/submit-button';
import { KeptForm } from '@/forms/kept-form';
import { useSubmission } from '@/forms/use-submission';
import { newPasswordProblem, passwordLength } from './account-rules';
import { signInIfLost } from './sign-in-if-lost';

interface PasswordChange {
  password: string;
  currentPassword: string;
}

interface Props {
  /** Goes along unseen, so that password keepers know which entry to renew. */
  email: string;
}

export function ChangePasswordForm({ email }: Props) {
  const form = useForm<PasswordChange>();
  const { errors } = form.formState;
  const { onSubmit, submitting, problem } = useSubmission(form, fieldOf);
  const [changed, setChanged] = useState(false);
  const change = onSubmit(async (body) => {
    setChanged(false);
    await signInIfLost(call('/api/users/currentuser', { method: 'PATCH', body }), '/account');
    form.reset({ password: '', currentPassword: '' });
    setChanged(true);
    return 'stay';
  });
  return (
    <KeptForm onSubmit={change}>
      <ProblemAlert problem={problem} />
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <FormField
        label="New password"
        type="password"
        autoComplete="new-password"
        hint={`At least ${passwordLength.min} characters.`}
        problem={errors.password?.message}
        {...form.register('password', { validate: newPasswordProblem })}
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
        Change password
      </SubmitButton>
      <p role="status" className="form-news">
        {changed && 'Your password is changed. All other devices are signed out.'}
      </p>
    </KeptForm>
  );
}

const fieldOf = (field: string) => (field === 'password' || field === 'currentPassword' ? field : undefined);
