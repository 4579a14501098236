import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import type { Bundle, BundleDetail } from '../../../api/bundles';
import { ProblemError } from '../../../api/problem';
import type { Tenant } from '../../../api/tenant';
import { useSession, useTenantPath } from '../../../app/tenant';
import { BusyButton } from '../../../components/busy-button';
import { ProblemAlert } from '../../../components/problem-alert';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { Warning } from '../notes';
import { submitJob } from '../submit-job';
import type { Submission } from '../uploads/submission';
import { hasWarning } from './file-choice';
import { FileField } from './file-field';
import { faultsOfProblem, missingFields, type FormFaults } from './form-faults';
import { initialSettings, NO_SETTINGS, type Settings } from './initial-settings';
import { SettingsFields } from './settings-fields';
import { leftOver, type FileSelection } from './use-file-choices';

interface BundleFormProps {
  readonly tenant: Tenant;
  readonly bundle: BundleDetail;
  /** What is chosen already, for another bundle or tenant, is looked at anew. */
  readonly files: FileSelection;
  /** What the user has filled in; null where nothing is, and the last job's settings are offered. */
  readonly given: Settings | null;
  readonly onSettings: (settings: Settings) => void;
  readonly onSubmitted: (submission: Submission) => void;
}

/** Settings and files of a job of one bundle. */
export function BundleForm({ tenant, bundle, files, given, onSettings, onSubmitted }: BundleFormProps) {
  const path = useTenantPath();
  const { user } = useSession();
  const words = texts.newJob;
  const slots = bundle.files.map(slotOf);
  const params = bundle.params.map(slotOf);
  const settings = initialSettings(params, tenant.schoolYears, given ?? bundle.lastSettings);
  const isOffered = given === null && bundle.lastSettings !== null;
  const [missing, setMissing] = useState<FormFaults>({});
  const { choices, take, remove, fit } = files;
  const [dropped] = useState(() => leftOver(choices, slots));
  useEffect(() => fit(slots), []);
  const submission = useMutation({
    mutationFn: () => submitJob({ path, userUid: user?.uid ?? '', bundle, settings, choices }),
    onSuccess: onSubmitted,
  });

  const refused = submission.error instanceof ProblemError ? faultsOfProblem(submission.error.errors) : null;
  const faults: FormFaults = { ...refused?.fields, ...missing };
  const warned = slots.some(({ envVar }) => {
    const choice = choices[envVar];
    return choice !== undefined && hasWarning(choice, bundle.columns[envVar]);
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = missingFields({ files: slots, params }, settings, choices, words.required);
    setMissing(found);
    submission.reset();
    const [first] = Object.keys(found);
    if (first === undefined) submission.mutate();
    else document.getElementById(`field-${first}`)?.focus();
  }

  /** What was wrong with a field counts no more once it is changed. */
  function forget(field: string): void {
    setMissing((before) => Object.fromEntries(Object.entries(before).filter(([key]) => key !== field)));
    if (submission.isError) submission.reset();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Surface p="lg">
          <Stack>
            <Title order={2}>{words.sections.settings}</Title>
            {isOffered && (
              <Group gap="xs" role="status">
                <Text size="sm" c="dimmed">
                  {words.lastSettings}
                </Text>
                <Button variant="subtle" size="compact-sm" onClick={() => onSettings(NO_SETTINGS)}>
                  {words.clearSettings}
                </Button>
              </Group>
            )}
            <SettingsFields
              schoolYears={tenant.schoolYears}
              params={params}
              settings={settings}
              faults={faults}
              disabled={submission.isPending}
              onChange={(changed) => {
                onSettings(changed);
                setMissing((before) => keepFiles(before));
                if (submission.isError) submission.reset();
              }}
            />
          </Stack>
        </Surface>
        <Surface p="lg">
          <Stack gap="lg">
            <Title order={2}>{words.sections.files}</Title>
            {dropped.length > 0 && <Warning>{words.droppedFiles(dropped.join(', '))}</Warning>}
            {slots.map((slot) => (
              <FileField
                key={slot.envVar}
                slot={slot}
                choice={choices[slot.envVar]}
                columns={bundle.columns[slot.envVar]}
                error={faults[`files/${slot.envVar}`]}
                disabled={submission.isPending}
                onChoose={(file) => {
                  forget(`files/${slot.envVar}`);
                  take(slot, file);
                }}
                onRemove={() => remove(slot.envVar)}
              />
            ))}
          </Stack>
        </Surface>
        {submission.error && <ProblemAlert error={submission.error} title={words.notCreated} />}
        {Object.keys(missing).length > 0 && (
          <Alert color="red" variant="light" role="alert">
            {words.faults}
          </Alert>
        )}
        <Group>
          <BusyButton type="submit" size="md" busy={submission.isPending}>
            {words.submit}
          </BusyButton>
          {warned && (
            <Text size="sm" c="dimmed" role="status">
              {words.warned}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** Settings are checked again when they are sent. */
const keepFiles = (faults: FormFaults): FormFaults =>
  Object.fromEntries(Object.entries(faults).filter(([field]) => field.startsWith('files/')));

/** A file or parameter without a name for people goes by its env_var. */
const slotOf = <T extends Bundle['files'][number] | Bundle['params'][number]>(part: T) => ({
  ...part,
  displayName: part.displayName ?? part.envVar,
});
