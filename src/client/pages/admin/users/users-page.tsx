import { Button, Group, SegmentedControl, Stack, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { usersQuery, type User } from '../../../api/admin';
import { PageHeading } from '../../../components/page-heading';
import { texts } from '../../../texts';
import { SearchField } from '../shared/search-field';
import { useSearch } from '../shared/use-search';
import { AddUserModal } from './add-user-modal';
import { RolesModal } from './roles-modal';
import { UserList } from './user-list';

const words = texts.admin.users;

/** Everybody who has signed in or was admitted in advance, with those first who wait for it. */
export function Component() {
  const search = useSearch();
  const [params, setParams] = useSearchParams();
  const state = params.get('state') === 'disabled' ? 'disabled' : 'admitted';
  const { data: waiting = [] } = useInfiniteQuery(usersQuery(null, { search, state: 'waiting' }));
  const [adding, { open, close }] = useDisclosure(false);
  const [edited, setEdited] = useState<User | null>(null);
  const show = (value: string): void => setParams((old) => withState(old, value), { replace: true });
  const add = (
    <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
      {words.addInAdvance}
    </Button>
  );
  return (
    <Stack gap="lg">
      <PageHeading title={words.title} description={words.intro} actions={add} />
      <Group>
        <SearchField label={words.search} />
      </Group>
      {waiting.length > 0 && (
        <Stack gap="sm">
          <Title order={2}>{words.states.waiting}</Title>
          <UserList
            caption={words.states.waiting}
            partner={null}
            filters={{ search, state: 'waiting' }}
            onEditRoles={setEdited}
          />
        </Stack>
      )}
      <Group justify="space-between">
        <Title order={2}>{words.states[state]}</Title>
        <SegmentedControl
          aria-label={words.stateFilter}
          data={(['admitted', 'disabled'] as const).map((value) => ({ value, label: words.states[value] }))}
          value={state}
          onChange={show}
        />
      </Group>
      <UserList caption={words.states[state]} partner={null} filters={{ search, state }} onEditRoles={setEdited} />
      {adding && <AddUserModal partner={null} onClose={close} />}
      {edited && <RolesModal user={edited} partner={null} onClose={() => setEdited(null)} />}
    </Stack>
  );
}

function withState(params: URLSearchParams, state: string): URLSearchParams {
  const next = new URLSearchParams(params);
  next.set('state', state);
  return next;
}
