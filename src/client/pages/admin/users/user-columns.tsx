import { Badge, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { User } from '../../../api/admin';
import type { Column } from '../../../components/data-table';
import { DateTime } from '../../../components/date-time';
import { texts } from '../../../texts';
import { grantKey } from './role-grants';
import { roleText } from './role-text';
import { UserState } from './user-state';

const words = texts.admin.users;

const stateColumn: Column<User> = {
  key: 'state',
  header: words.stateFilter,
  cell: ({ state }) => <UserState state={state} />,
};

/**
 * The columns of users.
 *
 * @param self the uid of the one who looks
 * @param state that all of them have, which then needs no column; null: any
 */
export const userColumns = (
  self: string | undefined,
  state: User['state'] | null,
  actions: (user: User) => ReactNode,
): readonly Column<User>[] => [
  {
    key: 'user',
    header: words.user,
    minWidth: 'min(210px, 18vw)',
    cell: ({ uid, name, email, issuer, subject }) => (
      <>
        <Text size="sm" fw={600}>
          {name}
          {uid === self && (
            <Badge component="span" size="sm" variant="default" ml={6}>
              {words.you}
            </Badge>
          )}
        </Text>
        {email !== null && <Text size="sm">{email}</Text>}
        <Text size="xs" c="dimmed">
          {words.knownAs(subject, issuer.replace(/^https?:\/\//, ''))}
        </Text>
      </>
    ),
  },
  ...(state === null ? [stateColumn] : []),
  {
    key: 'roles',
    header: words.roles,
    cell: ({ roles }) =>
      roles.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.noRoles}
        </Text>
      ) : (
        <Stack gap={2}>
          {roles.map((role) => (
            <span key={grantKey(role)}>{roleText(role)}</span>
          ))}
        </Stack>
      ),
  },
  {
    key: 'lastSignIn',
    header: words.lastSignIn,
    cell: ({ lastSignInAt }) => (lastSignInAt === null ? words.never : <DateTime value={lastSignInAt} />),
  },
  { key: 'actions', header: texts.admin.actions, minWidth: 'min(164px, 14vw)', cell: actions },
];
