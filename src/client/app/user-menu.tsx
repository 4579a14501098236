import { ActionIcon, Menu, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { signOut } from '../api/session';
import { wordsFor } from '../components/problem-alert';
import { texts } from '../texts';
import { forgetTenant, useSession } from './tenant';

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];

/** Files that wait for their upload in this browser, which the next user of it has no business with. */
const forgetKeptFiles = async (): Promise<void> =>
  (await import('../pages/new-job/uploads/submission-store')).forgetAllSubmissions();

/** Who is signed in, the page's appearance, and the way out. */
export function UserMenu() {
  const { user } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async (url) => {
      forgetTenant();
      await forgetKeptFiles();
      // A whole new document: nothing of this user stays in memory.
      window.location.assign(url);
    },
    onError: (error) => notifications.show({ color: 'red', title: wordsFor(error).title, message: wordsFor(error).detail }),
  });
  if (!user) return null;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" radius="xl" aria-label={texts.shell.userMenu(user.name)}>
          <IconUser size={18} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} size="sm" c="var(--mantine-color-text)" truncate>
            {user.name}
          </Text>
          <Text size="xs" truncate>
            {user.email ?? user.issuerName}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label id="appearance">{texts.shell.appearance}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
          {SCHEMES.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {texts.shell.schemes[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} disabled={leave.isPending} onClick={() => leave.mutate()}>
          {texts.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
