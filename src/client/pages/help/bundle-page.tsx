import { Anchor, Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { bundleQuery, type BundleDetail } from '../../api/bundles';
import { isNotFound } from '../../api/problem';
import { Notice } from '../../app/notice';
import { tenantUrl, useTenantPath } from '../../app/tenant';
import { Loading } from '../../components/loading';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { texts } from '../../texts';
import { BundleInputs } from './bundle-inputs';
import { ExpectedColumns } from './expected-columns';
import { ReadmePart } from './readme-part';

const words = texts.help;

/** What one bundle needs, and what its author says of it. */
export function Component() {
  const { '*': path = '' } = useParams();
  const tenant = useTenantPath();
  const { data: bundle, error, refetch } = useQuery(bundleQuery(tenant, path));
  const help = `${tenantUrl(tenant)}/help`;
  if (isNotFound(error))
    return (
      <Notice title={words.notFoundTitle} text={words.notFound}>
        <Button component={Link} to={help} variant="default">
          {words.backToHelp}
        </Button>
      </Notice>
    );
  if (!bundle) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Loading />;
  return (
    <Stack gap="xl">
      <div>
        <Anchor component={Link} to={help} size="sm">
          {words.backToHelp}
        </Anchor>
        <BundleHeading
          bundle={bundle}
          newJob={`${tenantUrl(tenant)}/jobs/new?${new URLSearchParams({ bundle: path }).toString()}`}
        />
      </div>
      <BundleInputs bundle={bundle} />
      <ExpectedColumns bundle={bundle} />
      <ReadmePart readme={bundle.readme} />
    </Stack>
  );
}

function BundleHeading({ bundle: { displayName, description, path }, newJob }: { bundle: BundleDetail; newJob: string }) {
  return (
    <PageHeading
      title={displayName}
      description={description ?? path}
      actions={
        <Button component={Link} to={newJob} leftSection={<IconPlus size={16} aria-hidden />}>
          {words.start}
        </Button>
      }
    />
  );
}
