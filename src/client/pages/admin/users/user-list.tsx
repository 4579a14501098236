import { useInfiniteQuery } from '@tanstack/react-query';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { usersQuery, type User, type UserFilters } from '../../../api/admin';
import { useSession } from '../../../app/tenant';
import { DataTable } from '../../../components/data-table';
import { EmptyState } from '../../../components/empty-state';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { PagedList } from '../shared/paged-list';
import { RolesModal } from './roles-modal';
import { UserActions } from './user-actions';
import { userColumns } from './user-columns';

interface UserListProps {
  readonly caption: string;
  /** Those with a role for it; null: all. */
  readonly partner: string | null;
  readonly filters: UserFilters;
}

/** Users with what can be done with them. */
export function UserList({ caption, partner, filters }: UserListProps) {
  const { operator, user: self } = useSession();
  const list = useInfiniteQuery(usersQuery(partner, filters));
  const [edited, setEdited] = useState<User | null>(null);
  const columns = userColumns(self?.uid, (user) => (
    <UserActions user={user} operator={operator && partner === null} onEditRoles={() => setEdited(user)} />
  ));
  return (
    <Surface>
      <PagedList list={list} empty={<EmptyState icon={<IconUsers aria-hidden />} title={texts.admin.users.none} />}>
        {(users) => <DataTable caption={caption} columns={columns} rows={users} rowKey={({ uid }) => uid} />}
      </PagedList>
      {edited && <RolesModal user={edited} partner={partner} onClose={() => setEdited(null)} />}
    </Surface>
  );
}
