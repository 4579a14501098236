import { Alert, List, Stack, Text, ThemeIcon, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { OdsCheck } from '../../../api/admin';
import { texts } from '../../../texts';
import { checkSteps } from './check-steps';

const words = texts.admin.ods;
const LOOKS = {
  ok: { color: 'green', icon: <IconCheck size={14} aria-hidden /> },
  failed: { color: 'red', icon: <IconX size={14} aria-hidden /> },
  skipped: { color: 'gray', icon: <IconMinus size={14} aria-hidden /> },
} as const;

/** How far a test of a connection came, step by step. */
export function TestResult({ check }: { check: OdsCheck }) {
  const { ok, apiVersion, dataModels } = check;
  return (
    <Alert
      role="status"
      color={ok ? 'green' : 'red'}
      variant="outline"
      title={ok ? words.testOk : words.testFailed}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Stack gap="sm">
        <List spacing="xs" center={false} listStyleType="none">
          {checkSteps(check).map(({ step, state, detail }) => (
            <List.Item
              key={step}
              icon={
                <ThemeIcon size={22} radius="xl" color={LOOKS[state].color} variant="light">
                  {LOOKS[state].icon}
                </ThemeIcon>
              }
            >
              <Text size="sm" fw={500}>
                {words.steps[step]}
                <VisuallyHidden>: {words.stepState[state]}</VisuallyHidden>
              </Text>
              <Text size="sm" c="dimmed">
                {detail ?? words.stepState[state]}
              </Text>
            </List.Item>
          ))}
        </List>
        {apiVersion !== null && (
          <Text size="sm">
            {[words.apiVersion(apiVersion), ...dataModels.map(({ name, version }) => `${name} ${version}`)].join(' · ')}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}
