import { Box, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { readPartnerBundles, savePartnerBundles, type PartnerBundle, type PartnerBundles } from '../../../api/admin';
import { isConflict } from '../../../api/problem';
import { useSession } from '../../../app/tenant';
import { ProblemAlert } from '../../../components/problem-alert';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { SaveBar } from '../shared/save-bar';
import { SectionHeading } from '../shared/section-heading';
import { useAdminMutation } from '../shared/use-admin-mutation';
import { useVersion } from '../shared/use-version';
import { BundleSwitches } from './bundle-switches';

const words = texts.admin.bundles;

const matches = ({ path, displayName }: PartnerBundle, search: string): boolean =>
  `${displayName ?? ''} ${path}`.toLowerCase().includes(search.trim().toLowerCase());

/** Enables bundles for a partner; those who are no operator only see which are. */
export function BundlesForm({ partner, list }: { partner: string; list: PartnerBundles }) {
  const { operator } = useSession();
  const [search, setSearch] = useState('');
  const [onlyEnabled, setOnlyEnabled] = useState(false);
  /** How the switches that were moved are to be, by path. */
  const [moved, setMoved] = useState<ReadonlyMap<string, boolean>>(new Map());
  const { version, setVersion, guarded, notice, forget } = useVersion(list, {
    read: () => readPartnerBundles(partner),
    take: ({ items }) => setMoved(new Map(items.flatMap(({ path, enabled }) => keepMove(path, enabled)))),
  });
  const keepMove = (path: string, enabled: boolean): [string, boolean][] =>
    moved.get(path) === !enabled ? [[path, !enabled]] : [];
  // As long as nothing is changed the newest list is shown, and from then on the one that the changes are of.
  const { items: bundles, etag } = moved.size > 0 ? version : list;
  const isEnabled = ({ path, enabled }: PartnerBundle): boolean => moved.get(path) ?? enabled;
  const enabled = bundles.filter(isEnabled);
  const shown = bundles.filter((bundle) => matches(bundle, search) && (!onlyEnabled || isEnabled(bundle) || bundle.enabled));

  const save = () =>
    savePartnerBundles(
      partner,
      enabled.map(({ path }) => path),
      etag,
    );
  const { mutate, isPending, error } = useAdminMutation(guarded(save), () => words.saved);
  function discard(): void {
    setMoved(new Map());
    forget();
  }
  function toggle({ path, enabled: was }: PartnerBundle): void {
    if (moved.size === 0) setVersion(list);
    const others = [...moved].filter(([other]) => other !== path);
    setMoved(new Map(moved.has(path) ? others : [...others, [path, !was]]));
  }
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
      {notice}
      {error && !isConflict(error) && <ProblemAlert error={error} />}
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
