import type { ReactNode } from 'react';
import type { JobDetail } from '../../api/jobs';
import { DateTime } from '../../components/date-time';
import { formatDuration } from '../../components/format';
import { Submitter } from '../../components/submitter';
import { texts } from '../../texts';
import classes from './job.module.css';
import { Section } from './section';

const { details: words } = texts.job;
/** As much of a commit or content hash as tells two versions apart. */
const shortVersion = (version: string): string => version.replace(/^sha256-/, '').slice(0, 12);

/** What the job was submitted with. */
export function JobDetails({ job, nameOf }: { job: JobDetail; nameOf: (envVar: string) => string }) {
  const took = job.startedAt !== null && job.finishedAt !== null ? Date.parse(job.finishedAt) - Date.parse(job.startedAt) : null;
  return (
    <Section title={words.title}>
      <dl className={classes.facts}>
        <Fact name={words.submittedBy}>
          <Submitter job={job} />
        </Fact>
        <Fact name={words.created}>
          <DateTime value={job.createdAt} />
        </Fact>
        {took !== null && <Fact name={words.took}>{formatDuration(took)}</Fact>}
        <Fact name={words.bundle}>{job.bundleName}</Fact>
        <Fact name={words.version}>
          <span title={job.bundleVersion}>{shortVersion(job.bundleVersion)}</span>
        </Fact>
        <Fact name={words.schoolYear}>{texts.common.schoolYear(job.schoolYear)}</Fact>
        {Object.entries(job.params).map(([name, value]) => (
          <Fact key={name} name={nameOf(name)}>
            {value}
          </Fact>
        ))}
        {job.runs.length > 1 && <Fact name={words.runs}>{job.runs.length}</Fact>}
        <Fact name={words.uid}>{job.uid}</Fact>
      </dl>
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
