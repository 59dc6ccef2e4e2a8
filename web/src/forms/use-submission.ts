import { useRef, useState } from 'react';
import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form';
import { problemFrom } from '@/api/call';
import type { Problem } from '@/api/problem';

/** After it is done: stay, and the form may be sent again; or leave, and it stays locked until the next page is there. */
export type Afterwards = 'stay' | 'leave';

interface Submission<Sent> {
  /**
   * For `onSubmit`. Sends once, however often the button is pressed; what was typed stays whatever happens.
   * @param send throws an ApiError for what the API refuses
   */
  onSubmit: (send: (sent: Sent) => Promise<Afterwards>) => (event?: React.BaseSyntheticEvent) => Promise<void>;
  submitting: boolean;
  /** What stands above the form; problems of fields stand beside them. */
  problem: Problem | undefined;
  /** For a problem that is over by itself, or has become another one. */
  setProblem: (problem: Problem | undefined) => void;
}

/** Sends a form and shows what comes back: a problem beside each field it names, the rest above, focus on the first. */
export function useSubmission<Typed extends FieldValues, Sent extends FieldValues>(
  form: UseFormReturn<Typed, unknown, Sent>,
  fieldOf: (apiField: string) => FieldPath<Typed> | undefined,
): Submission<Sent> {
  const underWay = useRef(false);
  const [submitting, setSubmitting] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const showProblem = (refusal: Problem) => {
    const beside = refusal.errors.flatMap(({ field, message }) => {
      const name = field === undefined ? undefined : fieldOf(field);
      return name ? [{ name, message }] : [];
    });
    for (const [index, { name, message }] of beside.entries()) {
      form.setError(name, { type: 'refused', message }, { shouldFocus: index === 0 });
    }
    const allBeside = beside.length > 0 && beside.length === refusal.errors.length;
    setProblem(allBeside ? undefined : refusal);
  };

  return {
    submitting,
    problem,
    setProblem,
    onSubmit: (send) =>
      form.handleSubmit(async (sent) => {
        if (underWay.current) return;
        underWay.current = true;
        setSubmitting(true);
        setProblem(undefined);
        let afterwards: Afterwards = 'stay';
        try {
          afterwards = await send(sent);
        } catch (error) {
          showProblem(problemFrom(error));
        } finally {
          underWay.current = afterwards === 'leave';
          setSubmitting(underWay.current);
        }
      }),
  };
}
