import { Anchor, Button, Code, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCalendarOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { odsConnectionsQuery } from '../../../api/admin';
import { isNotFound } from '../../../api/problem';
import { tenantQuery } from '../../../api/tenant';
import { toStart } from '../../../app/error-pages';
import { Notice } from '../../../app/notice';
import { tenantUrl, useTenantPath } from '../../../app/tenant';
import { EmptyState } from '../../../components/empty-state';
import { Loading } from '../../../components/loading';
import { PageHeading } from '../../../components/page-heading';
import { ProblemAlert } from '../../../components/problem-alert';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { SectionHeading } from '../shared/section-heading';
import { partnerUrl } from '../shared/urls';
import { OdsConnectionCard } from './ods-connection-card';
import { yearsOf } from './years-of';

const words = texts.admin.ods;

/** A tenant's Ed-Fi APIs: for each of its school years one. */
export function Component() {
  const path = useTenantPath();
  const tenant = useQuery(tenantQuery(path));
  const connections = useQuery(odsConnectionsQuery(path));
  const error = tenant.error ?? connections.error;
  if (isNotFound(error))
    return (
      <Notice title={texts.errorPage.notFoundTitle} text={texts.admin.notFound}>
        {toStart}
      </Notice>
    );
  if (!tenant.data || !connections.data) {
    if (!error) return <Loading />;
    return <ProblemAlert error={error} onRetry={() => void Promise.all([tenant.refetch(), connections.refetch()])} />;
  }
  const { partner, tenant: named, schoolYears } = tenant.data;
  const years = yearsOf(schoolYears, connections.data.items);
  return (
    <Stack gap="lg">
      <div>
        <Text size="sm">
          <Anchor component={Link} to="/admin/partners" inherit>
            {texts.admin.partners.title}
          </Anchor>
          <span aria-hidden> › </span>
          <Anchor component={Link} to={partnerUrl(partner.code)} inherit>
            {partner.name}
          </Anchor>
        </Text>
        <PageHeading
          title={named.name}
          description={<Code>{named.code}</Code>}
          actions={
            <Button component={Link} to={tenantUrl(path)} variant="default">
              {texts.admin.tenants.jobs}
            </Button>
          }
        />
      </div>
      <SectionHeading title={words.title} intro={words.intro} />
      {years.map((year) => (
        <OdsConnectionCard key={year.schoolYear} tenant={path} {...year} />
      ))}
      {years.length === 0 && (
        <Surface>
          <EmptyState
            icon={<IconCalendarOff aria-hidden />}
            title={words.noYears}
            action={
              <Button component={Link} to={`${partnerUrl(partner.code)}/school-years`}>
                {words.toSchoolYears}
              </Button>
            }
          >
            {words.noYearsHint}
          </EmptyState>
        </Surface>
      )}
    </Stack>
  );
}
