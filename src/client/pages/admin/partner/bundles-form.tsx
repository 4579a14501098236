import { Box, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { savePartnerBundles, type PartnerBundle } from '../../../api/admin';
import { useSession } from '../../../app/tenant';
import { ProblemAlert } from '../../../components/problem-alert';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { SaveBar } from '../shared/save-bar';
import { SectionHeading } from '../shared/section-heading';
import { useAdminMutation } from '../shared/use-admin-mutation';
import { BundleSwitches } from './bundle-switches';

const words = texts.admin.bundles;

const matches = ({ path, displayName }: PartnerBundle, search: string): boolean =>
  `${displayName ?? ''} ${path}`.toLowerCase().includes(search.trim().toLowerCase());

/** Enables bundles for a partner; those who are no operator only see which are. */
export function BundlesForm({ partner, bundles }: { partner: string; bundles: readonly PartnerBundle[] }) {
  const { operator } = useSession();
  const [search, setSearch] = useState('');
  const [onlyEnabled, setOnlyEnabled] = useState(false);
  /** The bundles whose switch was moved, by path. */
  const [moved, setMoved] = useState<ReadonlySet<string>>(new Set());
  const isEnabled = ({ path, enabled }: PartnerBundle): boolean => enabled !== moved.has(path);
  const enabled = bundles.filter(isEnabled);
  const shown = bundles.filter((bundle) => matches(bundle, search) && (!onlyEnabled || isEnabled(bundle) || bundle.enabled));

  const save = () =>
    savePartnerBundles(
      partner,
      enabled.map(({ path }) => path),
    );
  const { mutate, isPending, error } = useAdminMutation(save, () => words.saved);
  const discard = (): void => setMoved(new Set());
  const toggle = ({ path }: PartnerBundle): void =>
    setMoved(new Set(moved.has(path) ? [...moved].filter((other) => other !== path) : [...moved, path]));
  return (
    <Stack gap="md">
      <SectionHeading
        title={texts.admin.partner.bundles}
        intro={operator ? words.intro : `${words.intro} ${words.operatorOnly}`}
        actions={<Text size="sm">{words.enabledOf(enabled.length, bundles.length)}</Text>}
      />
      <Group gap="lg">
        <TextInput
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          flex="1 1 220px"
          maw={420}
        />
        <Switch
          label={words.onlyEnabled}
          checked={onlyEnabled}
          onChange={({ currentTarget }) => setOnlyEnabled(currentTarget.checked)}
        />
      </Group>
      {error && <ProblemAlert error={error} />}
      <Surface>
        {shown.length > 0 ? (
          <BundleSwitches bundles={shown} isEnabled={isEnabled} onToggle={operator ? toggle : null} />
        ) : (
          <Box p="xl" ta="center" c="dimmed">
            {texts.admin.noMatches}
          </Box>
        )}
        <SaveBar
          changes={moved.size}
          saving={isPending}
          onDiscard={discard}
          onSave={() => mutate(undefined, { onSuccess: discard })}
        />
      </Surface>
    </Stack>
  );
}
