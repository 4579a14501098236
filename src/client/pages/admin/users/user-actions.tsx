import { Button, Group } from '@mantine/core';
import { setUserState, type User } from '../../../api/admin';
import { BusyButton } from '../../../components/busy-button';
import { ConfirmButton } from '../../../components/confirm-button';
import { ProblemAlert } from '../../../components/problem-alert';
import { texts } from '../../../texts';
import { useAdminMutation } from '../shared/use-admin-mutation';

const words = texts.admin.users;

interface UserActionsProps {
  readonly user: User;
  /** Whether the one who looks may admit and disable. */
  readonly operator: boolean;
  readonly onEditRoles: () => void;
}

/** What can be done with a user. */
export function UserActions({ user, operator, onEditRoles }: UserActionsProps) {
  const { uid, name, state } = user;
  const change = useAdminMutation(
    (wanted: 'admitted' | 'disabled') => setUserState(uid, wanted),
    (_, wanted) =>
      wanted === 'disabled' ? words.disabled(name) : state === 'disabled' ? words.enabled(name) : words.admitted(name),
  );
  /** Without a role they would see nothing, so that is asked for next. By then the list may have gone on without the row. */
  async function admitUser(): Promise<void> {
    await change.mutateAsync('admitted');
    if (user.roles.length === 0) onEditRoles();
  }
  const admit = (
    <BusyButton
      size="xs"
      variant={state === 'waiting' ? 'filled' : 'default'}
      busy={change.isPending}
      // What is refused is shown below.
      onClick={() => void admitUser().catch(() => undefined)}
      aria-label={state === 'waiting' ? words.admitUser(name) : words.enableUser(name)}
    >
      {state === 'waiting' ? words.admit : words.enable}
    </BusyButton>
  );
  return (
    <Group gap="xs">
      {operator && state !== 'admitted' && admit}
      <Button size="xs" variant="default" onClick={onEditRoles} aria-label={words.editRolesOf(name)}>
        {words.editRoles}
      </Button>
      {operator && state !== 'disabled' && (
        <ConfirmButton
          size="xs"
          label={words.disableUser(name)}
          title={words.disableTitle(name)}
          message={words.disableBody}
          confirm={words.disable}
          danger
          onConfirm={() => change.mutateAsync('disabled')}
        >
          {words.disable}
        </ConfirmButton>
      )}
      {change.error && change.variables === 'admitted' && <ProblemAlert error={change.error} />}
    </Group>
  );
}
