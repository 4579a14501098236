import { Anchor, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { AuditRecord } from '../../../api/admin';
import { DateTime } from '../../../components/date-time';
import { texts } from '../../../texts';
import { auditChanges, type AuditChange } from './audit-changes';
import classes from './audit.module.css';

const words = texts.admin.audit;

/** One change: what it was about, who made it and when, and what is different since. */
export function AuditEntry({ record }: { record: AuditRecord }) {
  const { action, subject, user, at, before, after } = record;
  const schoolYear = subject.schoolYear && texts.common.schoolYear(subject.schoolYear);
  const about = [subject.partner, subject.tenant, schoolYear, subject.user?.name].filter((part) => part != null);
  const changes = auditChanges(before, after);
  return (
    <li className={classes.entry}>
      <Group justify="space-between" gap={4} align="baseline">
        <Text fw={600} size="sm" component="h2">
          {words.actions[action]}
          {about.length > 0 && <span className={classes.about}>{about.join(' › ')}</span>}
        </Text>
        <Text size="sm" c="dimmed" component="span">
          <DateTime value={at} inline />
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {words.by}{' '}
        <Anchor component={Link} to={`?${new URLSearchParams({ user: user.uid }).toString()}`} title={words.allBy(user.name)}>
          {user.name}
        </Anchor>
      </Text>
      {changes.length === 0 ? (
        <Text size="sm">{words.noDifference}</Text>
      ) : (
        <dl className={classes.changes}>
          {changes.map((change) => (
            <Change key={change.field} change={change} />
          ))}
        </dl>
      )}
    </li>
  );
}

/** A field with what it was and what it is, told apart by sign and word, not by colour alone. */
function Change({ change: { field, removed, added } }: { change: AuditChange }) {
  return (
    <div className={classes.change}>
      <dt>{words.fields[field] ?? field}</dt>
      <dd>
        {removed.map((text) => (
          <del key={text} aria-label={words.was(text)}>
            {text}
          </del>
        ))}
        {added.map((text) => (
          <ins key={text} aria-label={words.is(text)}>
            {text}
          </ins>
        ))}
      </dd>
    </div>
  );
}
