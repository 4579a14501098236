import { Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { addStaff, addUser, type RoleGrant } from '../../../api/admin';
import { useSession } from '../../../app/tenant';
import { texts } from '../../../texts';
import { FormModal } from '../shared/form-modal';
import { useFormMutation } from '../shared/use-form-mutation';
import { RolesEditor } from './roles-editor';
import { staffTenants } from './staff-tenants';

const words = texts.admin.users;

interface Values {
  issuer: string | null;
  subject: string;
  name: string;
  email: string;
  roles: RoleGrant[];
}

/** Admits somebody who has not signed in yet. @param partner to the staff of its tenants; null: with any roles */
export function AddUserModal({ partner, onClose }: { partner: string | null; onClose: () => void }) {
  const { issuers } = useSession();
  const initialValues: Values = { issuer: issuers[0]?.id ?? null, subject: '', name: '', email: '', roles: [] };
  const form = useForm<Values>({
    initialValues,
    validate: {
      issuer: (value) => (value === null ? words.issuerFault : null),
      subject: (value) => (value.trim() === '' ? words.subjectFault : null),
      name: (value) => (value.trim() === '' ? texts.admin.nameFault : null),
      roles: (value) => (partner !== null && value.length === 0 ? texts.admin.roles.chooseTenant : null),
    },
  });
  function save({ issuer, subject, name, email, roles }: Values) {
    const person = { issuer: issuer ?? '', subject: subject.trim(), name: name.trim(), email: email.trim() || null };
    return partner === null ? addUser(person, roles) : addStaff(partner, person, staffTenants(roles));
  }
  const { onSubmit, fault, saving } = useFormMutation(form, save, { said: ({ name }) => words.admitted(name), onSaved: onClose });
  return (
    <FormModal
      title={words.addInAdvance}
      submit={words.admit}
      dirty={form.isDirty()}
      saving={saving}
      fault={fault}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <TextInput label={texts.admin.name} required data-autofocus {...form.getInputProps('name')} />
      <TextInput label={words.email} type="email" {...form.getInputProps('email')} />
      <Select
        label={words.issuer}
        data={issuers.map(({ id, name }) => ({ value: id, label: name }))}
        allowDeselect={false}
        required
        {...form.getInputProps('issuer')}
      />
      <TextInput
        label={words.subject}
        description={words.subjectHint}
        required
        autoCapitalize="off"
        spellCheck={false}
        {...form.getInputProps('subject')}
      />
      <RolesEditor
        partner={partner}
        value={form.values.roles}
        onChange={(roles) => form.setFieldValue('roles', roles)}
        error={form.errors['roles'] as string | undefined}
      />
    </FormModal>
  );
}
