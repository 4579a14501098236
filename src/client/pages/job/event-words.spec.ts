import type { JobEvent } from '../../api/jobs';
import { eventWords } from './event-words';

const files = { INPUT_FILE: { name: 'scores.csv', size: 10, sha256: null, removedAt: null } };
const words = (type: JobEvent['type'], data: JobEvent['data'] = {}, by: string | null = null) =>
  eventWords({ type, data, by }, { files });

describe("a job's log", () => {
  it('tells each event in a sentence', () => {
    const types = [
      'job.created',
      'job.queued',
      'run.started',
      'job.cancelled',
      'job.expired',
      'job.resolved',
      'job.reopened',
    ] as const;
    const sentences = types.map((type) => words(type));
    expect(new Set(sentences).size).toBe(types.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it.each(['job.queued', 'job.cancelled', 'job.resolved', 'job.reopened'] as const)('tells who did it: %s', (type) => {
    expect(words(type, {}, 'Ada Lovelace')).toContain('Ada Lovelace');
    expect(words(type)).not.toMatch(/null|undefined/);
  });

  it('tells how far a run is', () => {
    const progress = words('run.progress', { stage: 'transforming', rowsRead: 1200, rowsWritten: 3, percent: 40 });
    expect(progress).toMatch(/1,200 .* 3 .*40/);
  });

  it('tells where a job failed by the name of its file', () => {
    const error = { code: 'input_invalid', title: 'An input file is not valid', detail: 'bad', file: 'INPUT_FILE', line: 12 };
    expect(words('job.failed', { error })).toMatch(/An input file is not valid.*scores\.csv, row 12/);
  });

  it('bears data that is not there, and events of a newer server', () => {
    expect(words('job.sang' as JobEvent['type'])).toBe('job.sang');
    expect(words('run.progress')).not.toMatch(/undefined|NaN/);
    expect(words('job.failed')).not.toMatch(/undefined/);
  });
});
