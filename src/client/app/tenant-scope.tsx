import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, Outlet } from 'react-router';
import { isNotFound } from '../api/problem';
import { tenantQuery } from '../api/tenant';
import { Loading } from '../components/loading';
import { ProblemAlert } from '../components/problem-alert';
import { texts } from '../texts';
import { Notice } from './notice';
import { forgetTenant, rememberTenant, useTenantPath } from './tenant';

/** What is under one tenant's address. One that the user may not reach looks as one that does not exist. */
export function TenantScope() {
  const { partner, tenant } = useTenantPath();
  const { data, error, refetch } = useQuery(tenantQuery({ partner, tenant }));
  const gone = isNotFound(error);
  // Also while it cannot be asked for again: what was typed on the page stays.
  const isOpen = data !== undefined && !gone;
  useEffect(() => {
    if (isOpen) rememberTenant({ partner, tenant });
    else if (gone) forgetTenant();
  }, [isOpen, gone, partner, tenant]);
  // A page keeps nothing of one tenant for another.
  if (isOpen) return <Outlet key={`${partner}/${tenant}`} />;
  if (gone)
    return (
      <Notice title={texts.errorPage.tenantNotFoundTitle} text={texts.errorPage.tenantNotFound}>
        <Button component={Link} to="/" variant="default">
          {texts.errorPage.toStart}
        </Button>
      </Notice>
    );
  return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <Loading />;
}
