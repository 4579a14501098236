import { Code, Group, Switch, Text } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import type { PartnerBundle } from '../../../api/admin';
import { StatusBadge } from '../../../components/status-badge';
import { texts } from '../../../texts';
import classes from './bundle-switches.module.css';

interface BundleSwitchesProps {
  readonly bundles: readonly PartnerBundle[];
  readonly isEnabled: (bundle: PartnerBundle) => boolean;
  /** null: they can only be looked at. */
  readonly onToggle: ((bundle: PartnerBundle) => void) | null;
}

/** A list of bundles, each with a switch, or for who may not change it with what is set. */
export function BundleSwitches({ bundles, isEnabled, onToggle }: BundleSwitchesProps) {
  return (
    <ul className={classes.list} aria-label={texts.admin.partner.bundles}>
      {bundles.map((bundle) => (
        <li key={bundle.path} className={classes.item}>
          {onToggle ? (
            <Switch checked={isEnabled(bundle)} onChange={() => onToggle(bundle)} label={<BundleName bundle={bundle} />} />
          ) : (
            <Group justify="space-between" gap="sm">
              <div>
                <BundleName bundle={bundle} />
              </div>
              <EnabledBadge enabled={isEnabled(bundle)} />
            </Group>
          )}
        </li>
      ))}
    </ul>
  );
}

function BundleName({ bundle: { displayName, path } }: { bundle: PartnerBundle }) {
  return (
    <>
      <Text component="span" display="block" size="sm" fw={600}>
        {displayName ?? texts.admin.bundles.notInRegistry}
      </Text>
      <Code className={classes.path}>{path}</Code>
    </>
  );
}

function EnabledBadge({ enabled }: { enabled: boolean }) {
  const { enabled: yes, notEnabled: no } = texts.admin.bundles;
  return enabled ? (
    <StatusBadge tone="good" icon={<IconCheck aria-hidden />}>
      {yes}
    </StatusBadge>
  ) : (
    <StatusBadge tone="neutral" icon={<IconMinus aria-hidden />}>
      {no}
    </StatusBadge>
  );
}
