import { Box, Stack } from '@mantine/core';
import { useState } from 'react';
import { readTenant, saveSchoolYears, type AdminTenant } from '../../../api/admin';
import { isConflict } from '../../../api/problem';
import { ProblemAlert } from '../../../components/problem-alert';
import { texts } from '../../../texts';
import { mergeChanges } from '../shared/merge-changes';
import { SaveBar } from '../shared/save-bar';
import { useAdminMutation } from '../shared/use-admin-mutation';
import { useVersion } from '../shared/use-version';
import { AddYear } from './add-year';
import { SchoolYearsGrid } from './school-years-grid';
import { changedTenants, offeredYears, toggleYear, type YearsByTenant } from './year-choices';

/** By their codes. */
type Tenants = Readonly<Record<string, AdminTenant>>;

/** Enables school years for several tenants at once. What was changed stays until it is saved or discarded, also while searching. */
export function SchoolYearsForm({ partner, tenants }: { partner: string; tenants: AdminTenant[] }) {
  const [edited, setEdited] = useState<YearsByTenant>({});
  /** The edited tenants as they were, of which not all may be listed any more. */
  const {
    version: before,
    setVersion: setBefore,
    guarded,
    notice,
    forget,
  } = useVersion<Tenants>(
    {},
    {
      read: async (): Promise<Tenants> =>
        byCode(await Promise.all(Object.keys(before).map((tenant) => readTenant({ partner, tenant })))),
      take: (newest) => setEdited(mergeYears(before, edited, newest)),
    },
  );
  const [added, setAdded] = useState<string[]>([]);
  const chosen = { ...Object.fromEntries(tenants.map(({ code, schoolYears }) => [code, schoolYears])), ...edited };
  const changed = changedTenants(yearsOf(before), edited);

  function toggle(tenant: AdminTenant, year: string): void {
    const { code } = tenant;
    setBefore({ [code]: tenant, ...before });
    setEdited({ ...edited, [code]: toggleYear(chosen[code] ?? [], year) });
  }
  function discard(): void {
    setEdited({});
    setBefore({});
    forget();
  }
  /** Tenant by tenant; what was saved before one is refused is no longer a change. */
  async function saveAll(): Promise<void> {
    for (const { tenant, schoolYears } of changed) {
      const saved = await saveSchoolYears({ partner, tenant }, schoolYears, before[tenant]?.etag ?? '');
      setBefore((old) => ({ ...old, [tenant]: saved }));
    }
  }
  const { mutate, isPending, error } = useAdminMutation(guarded(saveAll), () => texts.admin.schoolYears.saved);
  return (
    <Stack gap={0}>
      {notice && <Box p="md">{notice}</Box>}
      {error && !isConflict(error) && (
        <Box p="md">
          <ProblemAlert error={error} />
        </Box>
      )}
      <SchoolYearsGrid tenants={tenants} years={offeredYears(chosen, added, new Date())} chosen={chosen} onToggle={toggle} />
      <AddYear onAdd={(year) => setAdded([...added, year])} />
      <SaveBar
        changes={changed.length}
        saving={isPending}
        onDiscard={discard}
        onSave={() => mutate(undefined, { onSuccess: discard })}
      />
    </Stack>
  );
}

const byCode = (tenants: readonly AdminTenant[]): Tenants => Object.fromEntries(tenants.map((tenant) => [tenant.code, tenant]));

const yearsOf = (tenants: Tenants): YearsByTenant =>
  Object.fromEntries(Object.values(tenants).map(({ code, schoolYears }) => [code, schoolYears]));

/** What was changed here of each tenant, made to its newest years. */
const mergeYears = (before: Tenants, edited: YearsByTenant, newest: Tenants): YearsByTenant =>
  Object.fromEntries(
    Object.entries(edited).map(([code, years]) => {
      const [old, now] = [before[code]?.schoolYears ?? [], newest[code]?.schoolYears ?? years];
      return [code, mergeChanges(old, years, now, (year) => year).sort()];
    }),
  );
