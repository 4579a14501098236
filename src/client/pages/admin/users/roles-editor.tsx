import { CloseButton, Group, Stack, Text } from '@mantine/core';
import type { RoleGrant } from '../../../api/admin';
import { useKeptFocus } from '../../../app/focus';
import { texts } from '../../../texts';
import { AddRole } from './add-role';
import { addGrant, grantKey, removeGrant, widerGrant } from './role-grants';
import { roleText } from './role-text';
import classes from './roles-editor.module.css';

const words = texts.admin.roles;

interface RolesEditorProps {
  /** Only staff of its tenants can be given and taken; null: everything. */
  readonly partner: string | null;
  readonly value: readonly RoleGrant[];
  readonly onChange: (roles: RoleGrant[]) => void;
  readonly error?: string | null;
}

/** The roles of a user, each with a button that takes it away, and a way to give another one. */
export function RolesEditor({ partner, value, onChange, error }: RolesEditorProps) {
  return (
    <Stack gap="sm">
      <Text fw={600} size="sm" id="roles-editor-title">
        {words.current}
      </Text>
      {value.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.none}
        </Text>
      ) : (
        <ul className={classes.list} aria-labelledby="roles-editor-title">
          {value.map((grant) => (
            <RoleItem
              key={grantKey(grant)}
              grant={grant}
              wider={widerGrant(value, grant)}
              onRemove={partner === null || grant.role === 'staff' ? () => onChange(removeGrant(value, grant)) : null}
            />
          ))}
        </ul>
      )}
      <AddRole partner={partner} onAdd={(grant) => onChange(addGrant(value, grant))} />
      {error != null && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

interface RoleItemProps {
  readonly grant: RoleGrant;
  readonly wider: RoleGrant | null;
  /** null: somebody else has to. */
  readonly onRemove: (() => void) | null;
}

function RoleItem({ grant, wider, onRemove }: RoleItemProps) {
  const text = roleText(grant);
  const remove = useKeptFocus<HTMLButtonElement>(false);
  return (
    <li className={classes.item}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <div>
          <Text size="sm">{text}</Text>
          {wider !== null && (
            <Text size="xs" c="dimmed">
              {words.within(roleText(wider))}
            </Text>
          )}
        </div>
        {onRemove && <CloseButton ref={remove} onClick={onRemove} aria-label={words.remove(text)} />}
      </Group>
    </li>
  );
}
