import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import { isConflict, ProblemError } from '../../../api/problem';
import { wordsFor } from '../../../components/problem-alert';
import { formFaults } from './form-faults';
import { useAdminMutation } from './use-admin-mutation';

interface FormMutationOptions<Values, Answer> {
  readonly said: (answer: Answer, values: Values) => string;
  /** Which field a problem without a place is about, by its code. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly onSaved: () => void;
}

/** Sends a form, and shows what is refused, here or by the server, at the fields that it is about; the first of them gets the focus. */
export function useFormMutation<FormValues extends object, Values, Answer>(
  form: UseFormReturnType<FormValues, Values>,
  save: (values: Values) => Promise<Answer>,
  { said, codes, onSaved }: FormMutationOptions<Values, Answer>,
) {
  const [fault, setFault] = useState<string | null>(null);
  const mutation = useAdminMutation(save, said);
  const focusFirst = (faults: object): void => {
    const [first] = Object.keys(faults);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };
  const refuse = (error: Error): void => {
    // What to do about that is said by `useVersion`.
    if (isConflict(error)) return;
    if (!(error instanceof ProblemError) || error.status === 0) return setFault(wordsFor(error).detail);
    const faults = formFaults(error, Object.keys(form.getValues()), codes);
    form.setErrors(faults.fields);
    setFault(faults.rest);
    focusFirst(faults.fields);
  };
  const send = (values: Values): void => {
    setFault(null);
    mutation.mutate(values, { onSuccess: onSaved, onError: refuse });
  };
  return { onSubmit: form.onSubmit(send, focusFirst), fault, saving: mutation.isPending };
}
