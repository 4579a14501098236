import { useInfiniteQuery } from '@tanstack/react-query';
import { IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { usersQuery, type User, type UserFilters } from '../../../api/admin';
import { useSession } from '../../../app/tenant';
import { DataTable } from '../../../components/data-table';
import { EmptyState } from '../../../components/empty-state';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { PagedList } from '../shared/paged-list';
import { UserActions } from './user-actions';
import { userColumns } from './user-columns';

const words = texts.admin.users;

interface UserListProps {
  readonly caption: string;
  /** Those with a role for it; null: all. */
  readonly partner: string | null;
  readonly filters: UserFilters;
  /** The page's, since a user who is admitted leaves the list that this was asked from. */
  readonly onEditRoles: (user: User) => void;
}

/** Users with what can be done with them. */
export function UserList({ caption, partner, filters, onEditRoles }: UserListProps) {
  const { operator, user: self } = useSession();
  const list = useInfiniteQuery(usersQuery(partner, filters));
  const columns = userColumns(self?.uid, filters.state, (user) => (
    <UserActions user={user} operator={operator && partner === null} onEditRoles={() => onEditRoles(user)} />
  ));
  return (
    <Surface>
      <PagedList list={list} empty={<NoUsers partner={partner} filters={filters} />}>
        {(users) => <DataTable caption={caption} columns={columns} rows={users} rowKey={({ uid }) => uid} />}
      </PagedList>
    </Surface>
  );
}

/** Why there is nobody, and what to do about it. */
function NoUsers({ partner, filters: { search, state } }: Pick<UserListProps, 'partner' | 'filters'>) {
  const [title, hint]: [string, ReactNode] =
    search !== ''
      ? [texts.admin.noMatches, words.noMatchesHint]
      : partner !== null
        ? [words.nobodyForPartner, words.nobodyForPartnerHint]
        : state === 'disabled'
          ? [words.nobodyDisabled, words.nobodyDisabledHint]
          : [words.nobody, words.nobodyHint];
  return (
    <EmptyState icon={<IconUsers aria-hidden />} title={title}>
      {hint}
    </EmptyState>
  );
}
