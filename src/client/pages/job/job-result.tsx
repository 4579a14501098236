import { Text, Title } from '@mantine/core';
import type { JobDetail } from '../../api/jobs';
import { DataTable } from '../../components/data-table';
import { formatNumber } from '../../components/format';
import { texts } from '../../texts';
import classes from './job.module.css';
import { Section } from './section';

const { result: words } = texts.job;

interface Count {
  readonly key: string;
  readonly name: string;
  /** More about it, for whoever knows the bundle. */
  readonly detail?: string;
  readonly count: number;
}

/** What came of the rows: read of each file, written of each resource, and left out. */
export function JobResult({ job: { result, warnings, warningCount, files } }: { job: JobDetail }) {
  if (!result) return null;
  const read = result.inputs.map(({ file, rows }) => ({ key: file, name: files[file]?.name ?? file, count: rows }));
  const written = result.outputs.map(({ resource, records }) => ({ key: resource, name: resource, count: records }));
  const skipped = result.skipped.map(({ reason, detail, node, rows }, index) => ({
    key: String(index),
    name: words.reasons[reason],
    detail: [detail, node].filter((part) => part !== null).join(' · '),
    count: rows,
  }));
  const most = Math.max(1, ...[...read, ...written, ...skipped].map(({ count }) => count));
  return (
    <Section title={words.title}>
      <Counts title={words.read} name={words.file} unit={words.rows} counts={read} most={most} tone="read" />
      <Counts title={words.written} name={words.resource} unit={words.records} counts={written} most={most} tone="written" />
      {skipped.length > 0 && (
        <Counts title={words.skipped} name={words.reason} unit={words.rows} counts={skipped} most={most} tone="skipped" />
      )}
      {warningCount > 0 && (
        <details className={classes.details}>
          <summary>{words.warnings(warningCount)}</summary>
          <ul>
            {warnings.map((warning) => (
              <li key={`${warning.file} ${warning.line} ${warning.node} ${warning.detail}`}>
                <Text size="sm">{words.warning(warning.detail, warning.file, warning.line)}</Text>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

interface CountsProps {
  readonly title: string;
  /** The column of names, and that of counts. */
  readonly name: string;
  readonly unit: string;
  readonly counts: readonly Count[];
  /** What the longest bar of the page stands for. */
  readonly most: number;
  readonly tone: 'read' | 'written' | 'skipped';
}

/** A table whose figures are also bars, so that it is chart and table in one. */
function Counts({ title, name, unit, counts, most, tone }: CountsProps) {
  return (
    <div className={classes.counts}>
      <Title order={3} size="sm" c="dimmed" mb={4}>
        {title}
      </Title>
      <DataTable
        caption={title}
        rows={counts}
        rowKey={(row) => row.key}
        columns={[
          { key: 'name', header: name, cell: (row) => <Name {...row} /> },
          {
            key: 'count',
            header: unit,
            cell: ({ count }) => (
              <div className={classes.count}>
                <span className={classes.figure}>{formatNumber(count)}</span>
                <span className={classes.track} aria-hidden>
                  <span className={classes.bar} data-tone={tone} style={{ width: `${(count / most) * 100}%` }} />
                </span>
              </div>
            ),
          },
        ]}
      />
    </div>
  );
}

function Name({ name, detail = '' }: Count) {
  return (
    <>
      {name}
      {detail !== '' && (
        <Text size="xs" c="dimmed">
          {detail}
        </Text>
      )}
    </>
  );
}
