import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconClock, IconPlayerPause, IconUpload, IconWifiOff } from '@tabler/icons-react';
import { formatBytes } from '../../../components/format';
import { StatusBadge, type Tone } from '../../../components/status-badge';
import { texts } from '../../../texts';
import type { SubmittedFile } from './submission';
import type { FileUpload, UploadState } from './submission-upload';

interface UploadRowProps {
  readonly file: SubmittedFile;
  readonly upload: FileUpload;
  readonly onPauseOrResume: () => void;
  readonly onRetry: () => void;
}

/** How far one file is, and what can be done about it. */
export function UploadRow({ file, upload: { state, sent, total }, onPauseOrResume, onRetry }: UploadRowProps) {
  const words = texts.newJob.upload;
  const percent = total === 0 ? 100 : Math.floor((sent / total) * 100);
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text fw={500} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {file.displayName}: {file.name}
        </Text>
        <span role="status">
          <StateBadge kind={state.kind} />
        </span>
      </Group>
      <Progress.Root size="md">
        <Progress.Section value={percent} color={colorOf(state)} aria-label={words.progress(file.displayName)} />
      </Progress.Root>
      <Group justify="space-between" gap="xs" mih={30}>
        <Text size="sm" c="dimmed">
          {sent === total ? formatBytes(total) : words.of(formatBytes(sent), formatBytes(total))}
        </Text>
        <Group gap="xs">
          {(state.kind === 'uploading' || state.kind === 'offline') && (
            <Button size="xs" variant="default" onClick={onPauseOrResume} aria-label={words.pauseFor(file.displayName)}>
              {words.pause}
            </Button>
          )}
          {state.kind === 'paused' && (
            <Button size="xs" variant="default" onClick={onPauseOrResume} aria-label={words.resumeFor(file.displayName)}>
              {words.resume}
            </Button>
          )}
          {(state.kind === 'retrying' || state.kind === 'failed') && (
            <Button size="xs" variant="default" onClick={onRetry} aria-label={words.retryFor(file.displayName)}>
              {words.retry}
            </Button>
          )}
        </Group>
      </Group>
      {state.kind === 'offline' && <Text size="sm">{words.offline}</Text>}
      {state.kind === 'retrying' && <Text size="sm">{words.retrying}</Text>}
      {state.kind === 'failed' && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {failureText(state.code)}
        </Text>
      )}
    </Stack>
  );
}

const LOOKS: Readonly<Record<UploadState['kind'], { tone: Tone; icon: typeof IconClock }>> = {
  waiting: { tone: 'waiting', icon: IconClock },
  uploading: { tone: 'active', icon: IconUpload },
  paused: { tone: 'neutral', icon: IconPlayerPause },
  offline: { tone: 'warning', icon: IconWifiOff },
  retrying: { tone: 'warning', icon: IconClock },
  failed: { tone: 'bad', icon: IconAlertTriangle },
  uploaded: { tone: 'good', icon: IconCircleCheck },
};

function StateBadge({ kind }: { kind: UploadState['kind'] }) {
  const { tone, icon: Icon } = LOOKS[kind];
  return (
    <StatusBadge tone={tone} icon={<Icon size={14} aria-hidden />}>
      {texts.newJob.upload.states[kind]}
    </StatusBadge>
  );
}

function colorOf({ kind }: UploadState): string | undefined {
  if (kind === 'failed') return 'red';
  if (kind === 'uploaded') return 'teal';
  return kind === 'uploading' ? undefined : 'gray.6';
}

/** The page's own finding, or the server's problem in the reader's words. */
function failureText(code: string): string {
  const failures: Readonly<Record<string, string>> = texts.newJob.upload.failures;
  return failures[code] ?? texts.problems[code]?.detail ?? texts.problems['unexpected']?.detail ?? code;
}
