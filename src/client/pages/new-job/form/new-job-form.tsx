import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { bundleQuery, bundlesQuery } from '../../../api/bundles';
import type { Tenant } from '../../../api/tenant';
import { tenantUrl, useSession, useTenantPath } from '../../../app/tenant';
import { Loading } from '../../../components/loading';
import { ProblemAlert } from '../../../components/problem-alert';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { Warning } from '../notes';
import type { Submission } from '../uploads/submission';
import { BundleField } from './bundle-field';
import { BundleForm } from './bundle-form';
import { carriedForm, carryForm, forgetCarriedForm } from './carried-form';
import type { Settings } from './initial-settings';
import { TenantField } from './tenant-field';
import { useFileChoices } from './use-file-choices';

/** The parameter of the address that chooses a bundle, which others link to. */
const BUNDLE = 'bundle';

/** Everything that a job is made of. @param onSubmitted the job is created and waits for its files */
export function NewJobForm({ tenant, onSubmitted }: { tenant: Tenant; onSubmitted: (submission: Submission) => void }) {
  const path = useTenantPath();
  const { tenantCount, limits } = useSession();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const bundles = useQuery(bundlesQuery(path));
  const chosen = search.get(BUNDLE);
  const bundle = bundles.data?.items.find((candidate) => candidate.path === chosen) ?? null;
  const detail = useQuery({ ...bundleQuery(path, bundle?.path ?? ''), enabled: bundle !== null });
  const [carried] = useState(() => carriedForm(tenantUrl(path)));
  useEffect(forgetCarriedForm, []);
  const files = useFileChoices(limits.maxUploadBytes, carried?.choices);
  const [settings, setSettings] = useState<Settings | null>(carried?.settings ?? null);
  const words = texts.newJob;

  function changeTenant(url: string): void {
    carryForm(url, { choices: files.choices, settings: settings ?? detail.data?.lastSettings ?? null });
    void navigate({ pathname: `${url}/jobs/new`, search: search.toString() });
  }

  if (!bundles.data)
    return bundles.error ? <ProblemAlert error={bundles.error} onRetry={() => void bundles.refetch()} /> : <Loading />;
  return (
    <Stack gap="lg">
      <Surface p="lg">
        <Stack>
          <Title order={2}>{words.sections.what}</Title>
          {tenantCount > 1 && <TenantField current={tenant} onChange={changeTenant} />}
          {bundles.data.items.length === 0 ? (
            <Text c="dimmed">{words.noBundles}</Text>
          ) : (
            <BundleField
              bundles={bundles.data.items}
              value={bundle?.path ?? null}
              onChange={(value) => {
                setSettings(null);
                setSearch({ [BUNDLE]: value }, { replace: true });
              }}
            />
          )}
        </Stack>
      </Surface>
      {!bundle && chosen !== null && (
        <Warning>{Object.keys(files.choices).length > 0 ? words.bundleGoneFilesStay : words.bundleGone}</Warning>
      )}
      {!bundle && chosen === null && bundles.data.items.length > 0 && <Text c="dimmed">{words.chooseBundleFirst}</Text>}
      {bundle && detail.isPending && <Loading />}
      {bundle && detail.error && <ProblemAlert error={detail.error} onRetry={() => void detail.refetch()} />}
      {bundle && detail.data && (
        <BundleForm
          key={bundle.path}
          {...{ tenant, files, onSubmitted }}
          bundle={detail.data}
          given={settings}
          onSettings={setSettings}
        />
      )}
    </Stack>
  );
}
