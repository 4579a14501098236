import { ActionIcon, Menu, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { wordsFor } from '../components/problem-alert';
import { texts } from '../texts';
import { useSession } from './tenant';
import { useSignOut } from './use-sign-out';

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];

function tell(error: Error): void {
  const { title, detail } = wordsFor(error);
  notifications.show({ color: 'red', title, message: detail });
}

/** Who is signed in, the page's appearance, and the way out. */
export function UserMenu() {
  const { user } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useSignOut();
  if (!user) return null;
  return (
    <Menu position="bottom-end" width={240} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" radius="xl" aria-label={texts.shell.userMenu(user.name)}>
          <IconUser size={18} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text component="div" fw={600} size="sm" c="var(--mantine-color-text)" truncate>
            {user.name}
          </Text>
          <Text component="div" size="xs" truncate>
            {user.email ?? user.issuerName}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{texts.shell.appearance}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
          {SCHEMES.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {texts.shell.schemes[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          disabled={leave.isPending}
          onClick={() => leave.mutate(undefined, { onError: tell })}
        >
          {texts.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
