import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { Link, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { texts } from '../texts';
import { Navigation } from './navigation';
import classes from './shell.module.css';
import { TenantSwitcher } from './tenant-switcher';
import { UserMenu } from './user-menu';

const CONTENT = 'content';
/** The menus of the header lie over the navigation, which has Mantine's 101 at most. */
const HEADER_Z_INDEX = 102;

/** Header, navigation and the page in it. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const moving = useNavigation().state === 'loading';
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
      className={classes.shell}
    >
      <a href={`#${CONTENT}`} className={classes.skip}>
        {texts.common.skipToContent}
      </a>
      <ScrollRestoration />
      <AppShell.Header zIndex={HEADER_Z_INDEX} className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? texts.shell.closeNavigation : texts.shell.openNavigation}
              aria-expanded={opened}
            />
            <Link to="/" className={classes.product} aria-label={texts.common.product}>
              <span className={classes.mark} aria-hidden />
              <span className={classes.name}>{texts.common.product}</span>
            </Link>
            <TenantSwitcher />
          </Group>
          <UserMenu />
        </Group>
        <div className={classes.progress} data-moving={moving || undefined} />
      </AppShell.Header>
      <AppShell.Navbar data-closed={!opened || undefined} className={classes.navbar} aria-label={texts.shell.navigation} p="sm">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id={CONTENT} tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}
