import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usersQuery, type Named } from '../../../api/admin';
import { texts } from '../../../texts';
import { NamedSelect } from '../shared/named-select';
import { useTypedSearch } from '../shared/use-typed-search';

/** One of the users, by their uid. */
export function UserSelect({ uid, onChange }: { uid: string | null; onChange: (uid: string | null) => void }) {
  const [chosen, setChosen] = useState<Named | null>(null);
  const { wanted, ...typing } = useTypedSearch(chosen);
  const { data: users = [] } = useInfiniteQuery(usersQuery(null, { search: wanted, state: null }));
  const found = users.map(({ uid: code, name }) => ({ code, name }));
  const value = uid === null ? null : ([chosen, ...found].find((user) => user?.code === uid) ?? { code: uid, name: uid });
  return (
    <NamedSelect
      label={texts.admin.audit.user}
      value={value}
      onChange={(user) => {
        setChosen(user);
        onChange(user?.code ?? null);
      }}
      found={found}
      clearable
      {...typing}
    />
  );
}
