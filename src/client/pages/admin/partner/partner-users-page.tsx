import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { texts } from '../../../texts';
import { SearchField } from '../shared/search-field';
import { SectionHeading } from '../shared/section-heading';
import { useSearch } from '../shared/use-search';
import { AddUserModal } from '../users/add-user-modal';
import { UserList } from '../users/user-list';
import { usePartnerCode } from './use-partner-code';

const words = texts.admin.users;

/** Who works for the partner, and the staff of its tenants. */
export function Component() {
  const partner = usePartnerCode();
  const search = useSearch();
  const [adding, { open, close }] = useDisclosure(false);
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
      <UserList caption={words.title} partner={partner} filters={{ search, state: null }} />
      {adding && <AddUserModal partner={partner} onClose={close} />}
    </Stack>
  );
}
