import { NavLink, Stack } from '@mantine/core';
import { IconHelpCircle, IconListDetails, IconPlus, IconSettings, type Icon } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { texts } from '../texts';
import classes from './shell.module.css';
import { homeTenant, tenantUrl, useSession, useTenantInPath } from './tenant';

interface Item {
  readonly label: string;
  readonly to: string;
  readonly icon: Icon;
}

/** The tenant's pages, and the administration for those who may. */
export function Navigation() {
  const session = useSession();
  const { pathname } = useLocation();
  const inPath = useTenantInPath();
  const tenant = inPath ?? homeTenant(session);
  const items = [...(tenant ? tenantItems(tenantUrl(tenant)) : []), ...adminItems(session)];
  const current = items.filter(({ to }) => isAt(pathname, to)).sort((a, b) => b.to.length - a.to.length)[0];
  return (
    <Stack gap={4}>
      {items.map((item) => (
        <NavLink
          key={item.to}
          component={Link}
          to={item.to}
          label={item.label}
          leftSection={<item.icon size={18} stroke={1.75} aria-hidden />}
          active={item === current}
          aria-current={item === current ? 'page' : undefined}
          className={classes.link}
        />
      ))}
    </Stack>
  );
}

const tenantItems = (url: string): Item[] => [
  { label: texts.shell.jobs, to: `${url}/jobs`, icon: IconListDetails },
  { label: texts.shell.newJob, to: `${url}/jobs/new`, icon: IconPlus },
  { label: texts.shell.help, to: `${url}/help`, icon: IconHelpCircle },
];

const adminItems = ({ operator, adminOf }: { operator: boolean; adminOf: readonly unknown[] }): Item[] =>
  operator || adminOf.length > 0 ? [{ label: texts.shell.administration, to: '/admin', icon: IconSettings }] : [];

const isAt = (pathname: string, to: string): boolean => pathname === to || pathname.startsWith(`${to}/`);
