import { Alert } from '@mantine/core';
import { useForm } from '@mantine/form';
import { readUser, saveRoles, saveStaffRoles, type User } from '../../../api/admin';
import { useSession } from '../../../app/tenant';
import { texts } from '../../../texts';
import { FormModal } from '../shared/form-modal';
import { mergeChanges } from '../shared/merge-changes';
import { useFormMutation } from '../shared/use-form-mutation';
import { useVersion } from '../shared/use-version';
import { countChanges, grantKey } from './role-grants';
import { RolesEditor } from './roles-editor';
import { staffTenants } from './staff-tenants';

interface RolesModalProps {
  readonly user: User;
  /** By whose administrator; null: by an operator. */
  readonly partner: string | null;
  readonly onClose: () => void;
}

/** Changes what a user may do. */
export function RolesModal({ user, partner, onClose }: RolesModalProps) {
  const own = useSession().user?.uid === user.uid;
  const form = useForm({ initialValues: { roles: user.roles } });
  const { roles } = form.values;
  const { version, guarded, notice } = useVersion(user, {
    read: () => readUser(partner, user.uid),
    take: (newest, before) => form.setFieldValue('roles', mergeChanges(before.roles, roles, newest.roles, grantKey)),
  });
  const save = ({ roles: wanted }: { roles: User['roles'] }) =>
    partner === null
      ? saveRoles(user.uid, wanted, version.etag)
      : saveStaffRoles(partner, user.uid, staffTenants(wanted), version.etag);
  const { onSubmit, fault, saving } = useFormMutation(form, guarded(save), {
    said: () => texts.admin.users.rolesSaved(user.name),
    codes: { last_operator: 'roles' },
    onSaved: onClose,
  });
  return (
    <FormModal
      title={texts.admin.users.editRolesOf(user.name)}
      submit={texts.admin.roles.save}
      dirty={countChanges(version.roles, roles) > 0}
      saving={saving}
      fault={fault}
      notice={notice}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      {own && <Alert color="yellow">{texts.admin.roles.own}</Alert>}
      <RolesEditor
        partner={partner}
        value={roles}
        onChange={(value) => form.setFieldValue('roles', value)}
        error={form.errors['roles'] as string | undefined}
      />
    </FormModal>
  );
}
