import { faultsOfProblem, missingFields } from './form-faults';

const bundle = {
  files: [
    { envVar: 'INPUT_FILE', displayName: 'Results', required: true, fileTypes: ['csv'] },
    { envVar: 'EXTRA_FILE', displayName: 'More', required: false, fileTypes: ['csv'] },
  ],
  params: [
    { envVar: 'API_YEAR', displayName: 'Year', required: true, allowedValues: null, default: null },
    { envVar: 'TYPE', displayName: 'Type', required: true, allowedValues: null, default: null },
    { envVar: 'NOTE', displayName: 'Note', required: false, allowedValues: null, default: null },
  ],
};
const chosen = (fault: { kind: 'empty' } | null = null) => ({ file: new File(['x'], 'a.csv'), fault, preview: null });

describe('what is missing in a form', () => {
  it('is a bundle and a year at first', () => {
    expect(missingFields(null, { schoolYear: '', params: {} }, {}, 'needed')).toEqual({ bundle: 'needed', schoolYear: 'needed' });
  });

  it('is what the bundle requires, and a file that is not taken, also where none is required', () => {
    const files = { EXTRA_FILE: chosen({ kind: 'empty' }) };
    expect(missingFields(bundle, { schoolYear: '2026', params: { TYPE: '' } }, files, 'needed')).toEqual({
      ...{ 'params/TYPE': 'needed', 'files/INPUT_FILE': 'needed', 'files/EXTRA_FILE': 'needed' },
    });
  });

  it('is nothing once all is there', () => {
    expect(missingFields(bundle, { schoolYear: '2026', params: { TYPE: 'Fall' } }, { INPUT_FILE: chosen() }, 'needed')).toEqual(
      {},
    );
  });
});

it('faults of the server are told beside their fields, the first of each, and others apart', () => {
  const errors = [
    { pointer: '/files/A~1B/name', detail: 'no name' },
    { pointer: '/files/A~1B/size', detail: 'no size' },
    { pointer: '/params/TYPE', detail: 'no value' },
    { pointer: '/schoolYear', detail: 'no year' },
    { pointer: '/tenant', detail: 'no tenant' },
    { detail: 'no idea' },
  ];
  expect(faultsOfProblem(errors)).toEqual({
    fields: { 'files/A/B': 'no name', 'params/TYPE': 'no value', schoolYear: 'no year' },
    rest: ['no tenant', 'no idea'],
  });
});
