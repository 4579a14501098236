import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPackages } from '@tabler/icons-react';
import { Link } from 'react-router';
import { partnerBundlesQuery } from '../../../api/admin';
import { useSession } from '../../../app/tenant';
import { EmptyState } from '../../../components/empty-state';
import { Loading } from '../../../components/loading';
import { ProblemAlert } from '../../../components/problem-alert';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { BundlesForm } from './bundles-form';
import { usePartnerCode } from './use-partner-code';

/** The bundles that the partner's tenants may use. */
export function Component() {
  const partner = usePartnerCode();
  const { operator } = useSession();
  const { data, error, refetch } = useQuery(partnerBundlesQuery(partner));
  if (!data) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Loading />;
  if (data.items.length > 0) return <BundlesForm partner={partner} list={data} />;
  return (
    <Surface>
      <EmptyState
        icon={<IconPackages aria-hidden />}
        title={texts.admin.bundles.none}
        action={
          operator && (
            <Button component={Link} to="/admin/registry" variant="default">
              {texts.admin.bundles.toRegistry}
            </Button>
          )
        }
      >
        {texts.admin.bundles.noneHint}
      </EmptyState>
    </Surface>
  );
}
