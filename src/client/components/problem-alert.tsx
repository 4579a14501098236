import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ProblemError } from '../api/problem';
import { texts } from '../texts';

/** A problem in the reader's words where the catalogue has them, otherwise in the server's. */
export function wordsFor(error: unknown): { title: string; detail: string } {
  const { problems } = texts;
  const unexpected = problems['unexpected'] ?? { title: '', detail: '' };
  if (!(error instanceof ProblemError)) return unexpected;
  const words = problems[error.code] ?? { title: unexpected.title, detail: error.detail };
  const isTooFast = error.code === 'rate_limited' && error.retryAfter !== null;
  return isTooFast ? { ...words, detail: `${words.detail} ${texts.common.retryIn(error.retryAfter)}` } : words;
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
  // The server's words say a single fault themselves.
  const isListed = error instanceof ProblemError && error.errors.length > (texts.problems[error.code] ? 0 : 1);
  const { errors, requestId } = error instanceof ProblemError ? error : { errors: [], requestId: null };
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={title ?? words.title}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{words.detail}</Text>
        {isListed && (
          <List size="sm">
            {errors.map((fault) => (
              <List.Item key={`${fault.pointer ?? fault.parameter} ${fault.detail}`}>
                {placeOf(fault)}
                {fault.detail}
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

/** Where a fault is, as the API calls it; what is said of a file names that itself. */
const placeOf = ({ pointer, parameter }: { pointer?: string; parameter?: string }): string | null =>
  pointer?.startsWith('/files/') ? null : `${pointer ?? parameter}: `;
