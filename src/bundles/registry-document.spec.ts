import { InvalidRegistryError, parseRegistryDocument } from './registry-document';

const file = { display_name: 'Results', env_var: 'INPUT_FILE', is_required: true, file_type: ['csv'] };
const param = { display_name: 'School year', env_var: 'API_YEAR', is_required: true };
const entry = {
  display_name: 'Harbor',
  path: 'assessments/Harbor',
  valid_edfi: '>=3.0',
  report_resources: ['studentAssessments'],
  input_files: [file],
  input_params: [param],
  descriptor_mapping_files: ['gradeLevelDescriptors.csv'],
};
const registry = (...assessments: unknown[]): string => JSON.stringify({ assessments });

function faultsOf(text: string): readonly string[] {
  try {
    parseRegistryDocument(text);
  } catch (error) {
    if (error instanceof InvalidRegistryError) return error.faults;
    throw error;
  }
  return [];
}

describe('registry.json', () => {
  it('gives the entries in their order', () => {
    const paths = ['b/B', 'a/A', 'C'];
    expect(parseRegistryDocument(registry(...paths.map((path) => ({ ...entry, path })))).map(({ path }) => path)).toEqual(paths);
  });

  it('may leave out what not every bundle has', () => {
    const { display_name, path, input_files } = entry;
    expect(faultsOf(registry({ display_name, path, input_files }))).toEqual([]);
  });

  it('may have keys that are not known yet, at every level', () => {
    const grown = { ...entry, owner: 1, input_files: [{ ...file, encoding: 'utf8' }], input_params: [{ ...param, hint: null }] };
    expect(faultsOf(JSON.stringify({ version: 3, assessments: [grown] }))).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['text that is no JSON', '{', /not JSON/],
    ['no list', '{}', /assessments/],
    ['a null', 'null', /object/],
    ['an entry without a path', registry({ ...entry, path: undefined }), /\/assessments\/0 .*path/],
    ['an absolute path', registry({ ...entry, path: '/etc' }), /\/assessments\/0\/path/],
    ['a path that leaves', registry({ ...entry, path: 'a/../../b' }), /\/assessments\/0\/path/],
    ['a path of dots', registry({ ...entry, path: '..' }), /\/assessments\/0\/path/],
    ['a path with a backslash', registry({ ...entry, path: 'a\\b' }), /\/assessments\/0\/path/],
    ['a hidden folder', registry({ ...entry, path: 'a/.git' }), /\/assessments\/0\/path/],
    ['a path with a line end', registry({ ...entry, path: 'a\n' }), /\/assessments\/0\/path/],
    ['a path twice', registry(entry, entry), /\/assessments\/1\/path is there twice/],
    ['no input file', registry({ ...entry, input_files: [] }), /input_files/],
    [
      'a flag that is a text',
      registry({ ...entry, input_files: [{ ...file, is_required: 'true' }] }),
      /is_required must be boolean/,
    ],
    ['a file type with a dot', registry({ ...entry, input_files: [{ ...file, file_type: ['.csv'] }] }), /file_type\/0/],
    ['no file type', registry({ ...entry, input_files: [{ ...file, file_type: [] }] }), /file_type/],
    ['a number among the values', registry({ ...entry, input_params: [{ ...param, allowed_values: [1] }] }), /allowed_values\/0/],
    ['a name that is a trap', registry({ ...entry, input_params: [{ ...param, env_var: '__proto__' }] }), /env_var/],
    ["a name of the runner's", registry({ ...entry, input_params: [{ ...param, env_var: 'OUTPUT_DIR' }] }), /runner keeps/],
    ['a name twice', registry({ ...entry, input_params: [{ ...param, env_var: 'INPUT_FILE' }] }), /env_var INPUT_FILE twice/],
  ])('is refused with %s', (_, text, fault) => {
    expect(faultsOf(text)).toEqual([expect.stringMatching(fault)]);
  });

  it('is told with all its faults, and shortly', () => {
    const bad = Array.from({ length: 30 }, (_, i) => ({ ...entry, path: `a/${i}`, display_name: i }));
    expect(faultsOf(registry(...bad))).toHaveLength(30);
    expect(() => parseRegistryDocument(registry(...bad))).toThrow(/and 20 more$/);
  });
});
