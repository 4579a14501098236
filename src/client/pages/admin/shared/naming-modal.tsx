import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { texts } from '../../../texts';
import { FormModal } from './form-modal';
import { useFormMutation } from './use-form-mutation';

interface NamingModalProps {
  readonly title: string;
  readonly submit: string;
  /** null: it is new, and gets a code too. */
  readonly name: string | null;
  readonly nameExample?: string;
  readonly said: (name: string) => string;
  readonly save: (values: { code: string; name: string }) => Promise<unknown>;
  readonly notice?: ReactNode;
  readonly onClose: () => void;
}

const CODE = /^[A-Za-z0-9._-]{1,64}$/;
const MAX_NAME = 255;

/** Gives a partner or tenant its code and name, or another name. */
export function NamingModal({ title, submit, name, nameExample, said, save, notice, onClose }: NamingModalProps): ReactNode {
  const isNew = name === null;
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '', name: name ?? '' },
    transformValues: (values) => ({ code: values.code.trim(), name: values.name.trim() }),
    validate: {
      code: (value) => (!isNew || CODE.test(value.trim()) ? null : texts.admin.codeFault),
      name: (value) => (/\S/.test(value) && value.trim().length <= MAX_NAME ? null : texts.admin.nameFault),
    },
  });
  const { onSubmit, fault, saving } = useFormMutation(form, save, {
    said: (_, values) => said(values.name),
    codes: { code_taken: 'code' },
    onSaved: onClose,
  });
  return (
    <FormModal
      title={title}
      submit={submit}
      dirty={form.isDirty()}
      saving={saving}
      fault={fault}
      notice={notice}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextInput
        label={texts.admin.name}
        placeholder={nameExample}
        data-autofocus
        required
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
      {isNew ? (
        <TextInput
          label={texts.admin.code}
          description={texts.admin.codeHint}
          required
          autoCapitalize="off"
          spellCheck={false}
          key={form.key('code')}
          {...form.getInputProps('code')}
        />
      ) : null}
    </FormModal>
  );
}
