import { Anchor, Button, Code, Group, Text } from '@mantine/core';
import { Fragment } from 'react';
import { Link } from 'react-router';
import type { AdminTenant } from '../../../api/admin';
import type { Column } from '../../../components/data-table';
import { texts } from '../../../texts';
import { adminTenantUrl } from '../shared/urls';

const words = texts.admin.tenants;

/** The columns of a partner's tenants. */
export const tenantColumns = (partner: string, rename: (tenant: AdminTenant) => void): readonly Column<AdminTenant>[] => [
  {
    key: 'name',
    header: texts.admin.name,
    minWidth: 'min(130px, 11vw)',
    cell: ({ code, name }) => (
      <Anchor component={Link} to={adminTenantUrl(partner, code)} fw={600}>
        {name}
      </Anchor>
    ),
  },
  { key: 'code', header: texts.admin.code, minWidth: 'min(140px, 12vw)', cell: ({ code }) => <Code>{code}</Code> },
  {
    key: 'years',
    header: words.schoolYears,
    cell: ({ schoolYears }) =>
      schoolYears.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.noSchoolYears}
        </Text>
      ) : (
        [...schoolYears].reverse().map((year, index) => (
          <Fragment key={year}>
            {index > 0 && ', '}
            <span style={{ whiteSpace: 'nowrap' }}>{texts.common.schoolYear(year)}</span>
          </Fragment>
        ))
      ),
  },
  {
    key: 'actions',
    header: texts.admin.actions,
    minWidth: 'min(224px, 18vw)',
    cell: (tenant) => (
      <Group gap="xs">
        <Button
          component={Link}
          to={adminTenantUrl(partner, tenant.code)}
          variant="default"
          size="xs"
          aria-label={words.odsConnectionsOf(tenant.name)}
        >
          {words.odsConnections}
        </Button>
        <Button variant="default" size="xs" onClick={() => rename(tenant)} aria-label={texts.admin.renameOf(tenant.name)}>
          {texts.admin.rename}
        </Button>
      </Group>
    ),
  },
];
