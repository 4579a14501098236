import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ProblemError } from '../api/problem';
import { texts } from '../texts';

/** A problem in the reader's words where the catalogue has them, otherwise in the server's. */
export function wordsFor(error: unknown): { title: string; detail: string } {
  const { problems } = texts;
  const unexpected = problems['unexpected'] ?? { title: '', detail: '' };
  if (!(error instanceof ProblemError)) return unexpected;
  return problems[error.code] ?? { title: unexpected.title, detail: error.detail };
}

interface ProblemAlertProps {
  readonly error: unknown;
  /** What was tried, if the problem's own title does not say enough. */
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** Why something did not work, where, and what to do about it. Announced when it appears. */
export function ProblemAlert({ error, title, onRetry }: ProblemAlertProps) {
  const words = wordsFor(error);
  const { errors, requestId } = error instanceof ProblemError ? error : { errors: [], requestId: null };
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={title ?? words.title}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{words.detail}</Text>
        {errors.length > 1 && (
          <List size="sm">
            {errors.map((fault) => (
              <List.Item key={`${fault.pointer ?? fault.parameter} ${fault.detail}`}>
                {fault.pointer ?? fault.parameter}: {fault.detail}
              </List.Item>
            ))}
          </List>
        )}
        {requestId !== null && words.title === texts.problems['internal_error']?.title && (
          <Text size="xs">{texts.common.requestId(requestId)}</Text>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {texts.common.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
