import { Code, Switch, Text } from '@mantine/core';
import type { PartnerBundle } from '../../../api/admin';
import { texts } from '../../../texts';
import classes from './bundle-switches.module.css';

interface BundleSwitchesProps {
  readonly bundles: readonly PartnerBundle[];
  readonly isEnabled: (bundle: PartnerBundle) => boolean;
  /** null: they can only be looked at. */
  readonly onToggle: ((bundle: PartnerBundle) => void) | null;
}

/** A list of bundles with a switch each. */
export function BundleSwitches({ bundles, isEnabled, onToggle }: BundleSwitchesProps) {
  return (
    <ul className={classes.list} aria-label={texts.admin.partner.bundles}>
      {bundles.map((bundle) => (
        <li key={bundle.path} className={classes.item}>
          <Switch
            checked={isEnabled(bundle)}
            disabled={onToggle === null}
            onChange={() => onToggle?.(bundle)}
            label={
              <>
                <Text component="span" display="block" size="sm" fw={600}>
                  {bundle.displayName ?? texts.admin.bundles.notInRegistry}
                </Text>
                <Code className={classes.path}>{bundle.path}</Code>
              </>
            }
          />
        </li>
      ))}
    </ul>
  );
}
