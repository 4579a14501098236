import { Alert, Stack, Text } from '@mantine/core';
import { BusyButton } from '../../../components/busy-button';
import { ProblemAlert } from '../../../components/problem-alert';
import { texts } from '../../../texts';

const words = texts.admin.conflict;
/** Its own colour has too little contrast. */
const TITLE = { title: { color: 'var(--mantine-color-text)' } };

/** `outdated`: somebody else was faster. `loaded`: their version is what the reader's changes go out from now. */
export type Conflict =
  | { readonly kind: 'outdated'; readonly reason: string }
  /** `now`: how it is now; null where the form shows that. */
  | { readonly kind: 'loaded'; readonly now: string | null };

interface VersionNoticeProps {
  readonly conflict: Conflict;
  readonly loading: boolean;
  /** Why the newest version could not be loaded. */
  readonly error: Error | null;
  readonly onLoad: () => void;
}

/** Says that somebody else has changed what the reader edits, and offers the newest version. */
export function VersionNotice({ conflict, loading, error, onLoad }: VersionNoticeProps) {
  if (conflict.kind === 'loaded')
    return (
      <Alert color="blue" variant="light" role="status" title={words.loaded} styles={TITLE}>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {[conflict.now, words.saveAgain].filter((text) => text !== null).join(' ')}
        </Text>
      </Alert>
    );
  return (
    <Alert color="yellow" variant="light" role="alert" title={words.title} styles={TITLE}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{`${conflict.reason} ${words.kept}`}</Text>
        {error && <ProblemAlert error={error} />}
        <BusyButton size="xs" variant="default" busy={loading} onClick={onLoad}>
          {words.load}
        </BusyButton>
      </Stack>
    </Alert>
  );
}
