import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';
import classes from './help.module.css';

const { submitting, statuses, errors } = texts.help;

/** From files to outputs. */
export function SubmittingHelp() {
  return (
    <Part title={submitting.title}>
      <ol className={classes.steps}>
        {submitting.steps.map(({ title, text }) => (
          <li key={title}>
            <Text fw={600}>{title}</Text>
            <Text>{text}</Text>
          </li>
        ))}
      </ol>
    </Part>
  );
}

/** What each status of a job means. */
export function StatusesHelp() {
  return (
    <Part title={statuses.title}>
      <Definitions items={statuses.items} />
    </Part>
  );
}

/** What to do about a job that failed. */
export function ErrorsHelp() {
  return (
    <Part title={errors.title}>
      <Text>{errors.intro}</Text>
      <Definitions items={errors.items} />
      <Text>{errors.afterwards}</Text>
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{title}</Title>
      <Surface p="md">
        <Stack gap="md" maw={760}>
          {children}
        </Stack>
      </Surface>
    </Stack>
  );
}

function Definitions({ items }: { items: readonly { title: string; text: string }[] }) {
  return (
    <dl className={classes.definitions}>
      {items.map(({ title, text }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
