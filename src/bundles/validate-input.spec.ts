import fc from 'fast-check';
import type { Bundle } from './bundle';
import { validateJobInput, type JobInput } from './validate-input';

const bundle: Bundle = {
  path: 'assessments/Harbor',
  displayName: 'Harbor',
  version: 'sha256-0',
  files: [
    { envVar: 'INPUT_FILE', displayName: 'Results', required: true, fileTypes: ['csv', 'txt'] },
    { envVar: 'ROSTER_FILE', displayName: 'Roster', required: false, fileTypes: ['csv'] },
  ],
  params: [
    { envVar: 'API_YEAR', displayName: 'School year', required: true },
    { envVar: 'FORMAT', displayName: 'Format', required: true, allowedValues: ['Standard', 'Alternate'] },
    { envVar: 'NOTE', displayName: 'Note', required: false },
  ],
  acceptsStudentIdName: true,
};
const good: JobInput = { schoolYear: '2026', files: { INPUT_FILE: { name: 'results.csv' } }, params: { FORMAT: 'Standard' } };
const input = (changes: Partial<JobInput>): JobInput => ({ ...good, ...changes });
const parsed = <T>(json: string): T => JSON.parse(json) as T;

/** `code /path` of each fault. */
const faults = (changes: Partial<JobInput>, to: Bundle = bundle): string[] =>
  validateJobInput(to, input(changes)).map(({ code, path }) => `${code} /${path.join('/')}`);

describe("a job's parameters", () => {
  it('are good when the required ones are there', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ params: { FORMAT: 'Alternate', NOTE: 'x', STUDENT_ID_NAME: 'Local ID', API_YEAR: '2026' } })).toEqual([]);
  });

  it('miss what is required, but never the school year', () => {
    expect(faults({ params: {} })).toEqual(['missing_required_params /params/FORMAT']);
  });

  it.each([
    ['not among the allowed values', { FORMAT: 'standard' }, 'FORMAT'],
    ['empty', { FORMAT: 'Standard', NOTE: '' }, 'NOTE'],
    ['too long in bytes', { FORMAT: 'Standard', NOTE: 'é'.repeat(513) }, 'NOTE'],
    ['an empty student id column', { FORMAT: 'Standard', STUDENT_ID_NAME: '' }, 'STUDENT_ID_NAME'],
    ['another year', { FORMAT: 'Standard', API_YEAR: '2025' }, 'API_YEAR'],
    ['an empty year', { FORMAT: 'Standard', API_YEAR: '' }, 'API_YEAR'],
    ['a year with a blank', { FORMAT: 'Standard', API_YEAR: '2026 ' }, 'API_YEAR'],
  ])('have no value that is %s', (_, params, name) => {
    expect(faults({ params })).toEqual([`invalid_param_values /params/${name}`]);
  });

  it('may be as long as the limit, in bytes', () => {
    expect(faults({ params: { FORMAT: 'Standard', NOTE: 'é'.repeat(512) } })).toEqual([]);
  });

  it('accept the school year of a bundle that does not list it, if it agrees', () => {
    const unlisted = { ...bundle, params: [] };
    expect(faults({ params: { API_YEAR: '2026' } }, unlisted)).toEqual([]);
    expect(faults({ params: { API_YEAR: '2025' } }, unlisted)).toEqual(['invalid_param_values /params/API_YEAR']);
  });

  it('tell when the bundle does not support the school year', () => {
    const params = [{ envVar: 'API_YEAR', displayName: 'School year', required: true, allowedValues: ['2025'] }];
    expect(faults({ params: {} }, { ...bundle, params })).toEqual(['invalid_param_values /params/API_YEAR']);
  });

  it('accept STUDENT_ID_NAME only where the bundle uses it', () => {
    const params = { FORMAT: 'Standard', STUDENT_ID_NAME: 'ID' };
    expect(faults({ params })).toEqual([]);
    expect(faults({ params }, { ...bundle, acceptsStudentIdName: false })).toEqual(['unexpected_params /params/STUDENT_ID_NAME']);
  });

  it('never include what an object merely inherits', () => {
    const traps = parsed<Record<string, string>>('{"FORMAT":"Standard","__proto__":"x","constructor":"y","toString":"z"}');
    expect(faults({ params: traps })).toEqual([
      'unexpected_params /params/__proto__',
      'unexpected_params /params/constructor',
      'unexpected_params /params/toString',
    ]);
    const named = { ...bundle, params: [{ envVar: 'constructor', displayName: 'Maker', required: true }] };
    expect(faults({ params: {} }, named)).toEqual(['missing_required_params /params/constructor']);
  });
});

describe("a job's files", () => {
  const names = (name: string, nameIsProperty = false): string[] => faults({ files: { INPUT_FILE: { name, nameIsProperty } } });

  it('miss what is required; the optional may be left out', () => {
    expect(faults({ files: {} })).toEqual(['missing_required_files /files/INPUT_FILE']);
    expect(faults({ files: { ...good.files, ROSTER_FILE: { name: 'roster.csv' } } })).toEqual([]);
  });

  it('are only those of the bundle', () => {
    const files = parsed<JobInput['files']>(
      '{"INPUT_FILE":{"name":"a.csv"},"__proto__":{"name":"b.csv"},"input_file":{"name":"c.csv"}}',
    );
    expect(faults({ files })).toEqual(['unexpected_files /files/__proto__', 'unexpected_files /files/input_file']);
  });

  it.each([
    'results.csv',
    ' results.csv\n',
    'RESULTS.CSV',
    'a.b.Txt',
    'CON.csv',
    "x'; DROP TABLE job;--.csv",
    '<b>.csv',
    'été 2026.csv',
    '-rf.csv',
  ])('may be called %j', (name) => {
    expect(names(name)).toEqual([]);
  });

  it.each(['', '   ', '.', '..'])('may not be called %j', (name) => {
    expect(names(name)).toEqual(['invalid_file_name /files/INPUT_FILE']);
  });

  it.each([
    '../results.csv',
    'a\\b.csv',
    'a\u0000b.csv',
    'a\tb.csv',
    'a\u009fb.csv',
    'a\u202evsc.csv',
    'a\u2066b.csv',
    `${'é'.repeat(126)}.csv`,
  ])('may not be called %j', (name) => {
    expect(names(name)).toEqual(['invalid_file_name /files/INPUT_FILE']);
  });

  it('may have 255 bytes', () => {
    expect(names(`${'x'.repeat(251)}.csv`)).toEqual([]);
  });

  it('are faulted where the name stands', () => {
    expect(names('../results.csv', true)).toEqual(['invalid_file_name /files/INPUT_FILE/name']);
    expect(names('results.pdf', true)).toEqual(['unsupported_file_type /files/INPUT_FILE/name']);
  });

  it.each(['results', 'results.pdf', 'results.csv.exe', '.csv', 'csv', 'results.csv.', '...'])('have a type that %j has not', (name) => {
    expect(names(name)).toEqual(['unsupported_file_type /files/INPUT_FILE']);
  });
});

describe('validateJobInput', () => {
  it('gives every fault at once, in the order of the contract', () => {
    const everything = {
      files: { ROSTER_FILE: { name: 'a/b.pdf' }, EXTRA: { name: 'x.csv' } },
      params: { NOTE: '', EXTRA: 'x', API_YEAR: '1999' },
    };
    expect(faults(everything)).toEqual([
      'missing_required_params /params/FORMAT',
      'invalid_param_values /params/NOTE',
      'invalid_param_values /params/API_YEAR',
      'unexpected_params /params/EXTRA',
      'missing_required_files /files/INPUT_FILE',
      'unexpected_files /files/EXTRA',
      'invalid_file_name /files/ROSTER_FILE',
      'unsupported_file_type /files/ROSTER_FILE',
    ]);
  });

  it('takes any keys and texts, and never accepts a key that is not listed', () => {
    const values = fc.dictionary(fc.string(), fc.string());
    fc.assert(
      fc.property(values, values, (params, names) => {
        const files = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, { name }]));
        const found = faults({ params, files });
        for (const key of Object.keys(params).filter((name) => !/^(API_YEAR|FORMAT|NOTE|STUDENT_ID_NAME)$/.test(name)))
          expect(found).toContain(`unexpected_params /params/${key}`);
        for (const key of Object.keys(files).filter((name) => !/^(INPUT|ROSTER)_FILE$/.test(name)))
          expect(found).toContain(`unexpected_files /files/${key}`);
      }),
      { seed: 20250401, numRuns: 200 },
    );
  });
});
