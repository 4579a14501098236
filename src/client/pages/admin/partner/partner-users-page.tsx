import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { User } from '../../../api/admin';
import { texts } from '../../../texts';
import { SearchField } from '../shared/search-field';
import { SectionHeading } from '../shared/section-heading';
import { useSearch } from '../shared/use-search';
import { AddUserModal } from '../users/add-user-modal';
import { RolesModal } from '../users/roles-modal';
import { UserList } from '../users/user-list';
import { usePartnerCode } from './use-partner-code';

const words = texts.admin.users;

/** Who works for the partner, and the staff of its tenants. */
export function Component() {
  const partner = usePartnerCode();
  const search = useSearch();
  const [adding, { open, close }] = useDisclosure(false);
  const [edited, setEdited] = useState<User | null>(null);
  const add = (
    <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
      {words.addInAdvance}
    </Button>
  );
  return (
    <Stack gap="md">
      <SectionHeading title={words.title} intro={words.partnerIntro} actions={add} />
      <Group>
        <SearchField label={words.search} />
      </Group>
      <UserList caption={words.title} partner={partner} filters={{ search, state: null }} onEditRoles={setEdited} />
      {adding && <AddUserModal partner={partner} onClose={close} />}
      {edited && <RolesModal user={edited} partner={partner} onClose={() => setEdited(null)} />}
    </Stack>
  );
}
