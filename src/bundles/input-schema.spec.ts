import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import type { Bundle } from './bundle';
import { bundleInputSchema } from './input-schema';
import { validateJobInput } from './validate-input';

const MAX_UPLOAD_BYTES = 1000;
const SCHOOL_YEAR = '2026';
const bundle: Bundle = {
  path: 'assessments/Harbor',
  displayName: 'Harbor',
  version: 'sha256-0',
  files: [
    { envVar: 'INPUT_FILE', displayName: 'Results', required: true, fileTypes: ['csv', 'tar.gz'] },
    { envVar: 'ROSTER_FILE', displayName: 'Roster', required: false, fileTypes: ['bak'] },
  ],
  params: [
    { envVar: 'API_YEAR', displayName: 'School year', required: true },
    { envVar: 'FORMAT', displayName: 'Format', required: true, allowedValues: ['Standard', 'Alternate'] },
    { envVar: 'constructor', displayName: 'Maker', required: false },
  ],
  acceptsStudentIdName: true,
};

// A parameter called `constructor` is not one that every object has.
const ajv = new Ajv2020({ ownProperties: true });
const compile = (of: Bundle) => {
  const { files, params } = bundleInputSchema(of, { maxUploadBytes: MAX_UPLOAD_BYTES });
  return { files: ajv.compile(files), params: ajv.compile(params) };
};
const schema = compile(bundle);

/** What the service's own validation says, of well-shaped input. */
const accepts = (part: 'files' | 'params', value: Record<string, unknown>, to: Bundle = bundle): boolean => {
  const names = Object.entries(value).map(([key, file]) => [key, typeof file === 'string' ? { name: file } : file]);
  const input = {
    schoolYear: SCHOOL_YEAR,
    files: part === 'files' ? Object.fromEntries(names) : {},
    params: part === 'params' ? (value as Record<string, string>) : {},
  };
  return validateJobInput(to, input).every(({ path }) => path[0] !== part);
};

// Short, and of what the rules turn on, so that the good is as frequent as the bad and no limit in bytes is met.
const piece = fc.constantFrom('a', 'é', ' ', '\t', '\n', '\u2028', '.', '/', '\\', '\u0000', '\u0085', '\u202e', '\u2066', '\u212a', '-');
const extension = fc.constantFrom('', '.csv', '.CSV', '.cSv', '.tar.gz', '.TAR.GZ', '.bak', '.BA\u212a', '.pdf', 'csv');
const space = fc.constantFrom('', '', ' ', '\n', '\ufeff');
const fileName = fc
  .tuple(space, fc.string({ unit: piece, maxLength: 4 }), extension, space)
  .map((parts) => parts.join(''));
const key = (...names: string[]) => fc.constantFrom(...names, 'OTHER', 'toString', '__proto__');

describe("a bundle's JSON Schema agrees with the service's own validation", () => {
  it('about files', () => {
    const file = fc.oneof(
      fileName,
      fc.record({ name: fileName, size: fc.integer({ min: 1, max: MAX_UPLOAD_BYTES }) }, { requiredKeys: ['name'] }),
    );
    const seen = { good: 0, bad: 0 };
    const check = (value: Record<string, unknown>): void => {
      const expected = accepts('files', value);
      seen[expected ? 'good' : 'bad'] += 1;
      expect([value, schema.files(value)]).toEqual([value, expected]);
    };
    fc.assert(fc.property(file, (value) => check({ INPUT_FILE: value })), { seed: 1184027881, numRuns: 2_000 });
    fc.assert(fc.property(fc.dictionary(key('INPUT_FILE', 'ROSTER_FILE'), file, { maxKeys: 3 }), check), { seed: 1184027881, numRuns: 1_000 });
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(100);
  });

  it('about params', () => {
    const value = fc.oneof(fc.constantFrom('Standard', 'Alternate', SCHOOL_YEAR, ''), fc.string({ unit: 'grapheme', maxLength: 50 }));
    const params = fc
      .tuple(fc.dictionary(key('FORMAT', 'constructor', 'STUDENT_ID_NAME'), value, { maxKeys: 3 }), fc.boolean())
      .map(([given, withYear]): Record<string, string> => (withYear ? { ...given, API_YEAR: SCHOOL_YEAR } : given));
    const seen = { good: 0, bad: 0 };
    for (const each of [bundle, { ...bundle, acceptsStudentIdName: false }, { ...bundle, params: [] }]) {
      const { params: validate } = compile(each);
      fc.assert(
        fc.property(params, (given) => {
          const expected = accepts('params', given, each);
          seen[expected ? 'good' : 'bad'] += 1;
          expect([given, validate(given)]).toEqual([given, expected]);
        }),
        { seed: 1184027881, numRuns: 1_000 },
      );
    }
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(100);
  });

  it('and never refuses what is as long as may be', () => {
    expect(schema.files({ INPUT_FILE: `${'x'.repeat(251)}.csv` })).toBe(true);
    expect(schema.files({ INPUT_FILE: `${'x'.repeat(260)}.csv` })).toBe(false);
    expect(schema.params({ FORMAT: 'Standard', constructor: 'x'.repeat(1024) })).toBe(true);
    expect(schema.params({ FORMAT: 'Standard', constructor: 'x'.repeat(1025) })).toBe(false);
  });
});

it.each([
  [{ name: 'a.csv', size: MAX_UPLOAD_BYTES, sha256: '0'.repeat(64) }, true],
  [{ size: 1 }, false],
  [{ name: 'a.csv', size: 0 }, false],
  [{ name: 'a.csv', size: 1.5 }, false],
  [{ name: 'a.csv', size: MAX_UPLOAD_BYTES + 1 }, false],
  [{ name: 'a.csv', sha256: 'A'.repeat(64) }, false],
  [{ name: 'a.csv', md5: 'x' }, false],
  [7, false],
])("a bundle's JSON Schema knows of a file given as %j: %p", (file, good) => {
  expect(schema.files({ INPUT_FILE: file })).toBe(good);
});
