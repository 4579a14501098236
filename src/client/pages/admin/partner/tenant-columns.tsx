import { Anchor, Button, Code, Group } from '@mantine/core';
import { Link } from 'react-router';
import type { AdminTenant } from '../../../api/admin';
import { tenantUrl } from '../../../app/tenant';
import type { Column } from '../../../components/data-table';
import { texts } from '../../../texts';
import { adminTenantUrl } from '../shared/urls';

const words = texts.admin.tenants;

/** The columns of a partner's tenants. */
export const tenantColumns = (partner: string, rename: (tenant: AdminTenant) => void): readonly Column<AdminTenant>[] => [
  {
    key: 'name',
    header: texts.admin.name,
    cell: ({ code, name }) => (
      <Anchor component={Link} to={tenantUrl({ partner, tenant: code })} fw={600} aria-label={words.jobsOf(name)}>
        {name}
      </Anchor>
    ),
  },
  { key: 'code', header: texts.admin.code, cell: ({ code }) => <Code>{code}</Code> },
  {
    key: 'years',
    header: words.schoolYears,
    cell: ({ schoolYears }) => schoolYears.map(texts.common.schoolYear).join(', ') || words.noSchoolYears,
  },
  {
    key: 'actions',
    header: texts.admin.actions,
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
