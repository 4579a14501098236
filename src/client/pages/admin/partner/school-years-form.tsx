import { Box, Stack } from '@mantine/core';
import { useState } from 'react';
import { saveSchoolYears, type AdminTenant } from '../../../api/admin';
import { ProblemAlert } from '../../../components/problem-alert';
import { texts } from '../../../texts';
import { SaveBar } from '../shared/save-bar';
import { useAdminMutation } from '../shared/use-admin-mutation';
import { AddYear } from './add-year';
import { SchoolYearsGrid } from './school-years-grid';
import { changedTenants, offeredYears, toggleYear, type YearsByTenant } from './year-choices';

/** Enables school years for several tenants at once. What was changed stays until it is saved or discarded, also while searching. */
export function SchoolYearsForm({ partner, tenants }: { partner: string; tenants: AdminTenant[] }) {
  const [edited, setEdited] = useState<YearsByTenant>({});
  /** What the edited tenants had, of which not all may be listed any more. */
  const [before, setBefore] = useState<YearsByTenant>({});
  const [added, setAdded] = useState<string[]>([]);
  const chosen = { ...Object.fromEntries(tenants.map(({ code, schoolYears }) => [code, schoolYears])), ...edited };
  const changed = changedTenants(before, edited);

  function toggle({ code, schoolYears }: AdminTenant, year: string): void {
    setBefore({ [code]: schoolYears, ...before });
    setEdited({ ...edited, [code]: toggleYear(chosen[code] ?? [], year) });
  }
  function discard(): void {
    setEdited({});
    setBefore({});
  }
  /** Tenant by tenant; what was saved before one is refused is no longer a change. */
  async function saveAll(): Promise<void> {
    for (const { tenant, schoolYears } of changed) {
      await saveSchoolYears({ partner, tenant }, schoolYears);
      setBefore((old) => ({ ...old, [tenant]: schoolYears }));
    }
  }
  const { mutate, isPending, error } = useAdminMutation(saveAll, () => texts.admin.schoolYears.saved);
  return (
    <Stack gap={0}>
      {error && (
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
