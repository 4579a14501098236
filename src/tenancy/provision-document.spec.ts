import { parseProvisionDocument, ProvisionDocumentError } from './provision-document';

const VALID = `
partners:
  - code: demo
    name: Demo partner
    bundles: all
    tenants:
      - { code: north, name: North District, schoolYears: [2025, 2026] }
      - { code: south, name: South District, schoolYears: [] }
  - code: other
    name: Other partner
    bundles: [assessments/STAR]
    tenants: []
`;

/** The faults, each as a line of the one message. */
function faultsOf(text: string): string[] {
  try {
    parseProvisionDocument(text);
  } catch (error) {
    if (!(error instanceof ProvisionDocumentError)) throw error;
    return error.message
      .split('\n')
      .filter((line) => line.startsWith('  - '))
      .map((line) => line.slice('  - '.length));
  }
  return [];
}

const partner = (tenants: string, more = ''): string =>
  `partners: [{ code: demo, name: Demo, bundles: [], tenants: ${tenants}${more} }]`;
const withYears = (years: string): string => partner(`[{ code: north, name: North, schoolYears: ${years} }]`);

it('reads what an installation should have', () => {
  expect(parseProvisionDocument(VALID)).toEqual({
    partners: [
      {
        code: 'demo',
        name: 'Demo partner',
        bundles: 'all',
        tenants: [
          { code: 'north', name: 'North District', schoolYears: [2025, 2026] },
          { code: 'south', name: 'South District', schoolYears: [] },
        ],
      },
      { code: 'other', name: 'Other partner', bundles: ['assessments/STAR'], tenants: [] },
    ],
  });
});

it.each([
  ['an empty file', '', /^it is not valid YAML: .*empty$/],
  ['a list', '- demo', /^the file: /],
  ['no partners', '{}', /^partners: /],
  ['an unknown field', partner('[]', ', adress: x'), /^partners\.0: .*"adress"/],
  [
    'a code with a space',
    'partners: [{ code: a b, name: A, bundles: [], tenants: [] }]',
    /^partners\.0\.code: must be 1 to 64 of/,
  ],
  ['a code that is a number', 'partners: [{ code: 12, name: A, bundles: [], tenants: [] }]', /^partners\.0\.code: /],
  ['an empty name', 'partners: [{ code: a, name: "", bundles: [], tenants: [] }]', /^partners\.0\.name: must not be empty/],
  [
    'bundles that are a text',
    'partners: [{ code: a, name: A, bundles: every, tenants: [] }]',
    /^partners\.0\.bundles: must be a list of bundle paths, or all/,
  ],
  ['a year that is a text', withYears('["2026"]'), /schoolYears\.0: must be a year/],
  ['a year of two digits', withYears('[26]'), /schoolYears\.0: must be a year from 1900/],
  [
    'an operator without a subject',
    'partners: []\noperators: [{ issuer: "https://a.test", name: A }]',
    /^operators\.0\.subject: /,
  ],
  ['an operator of no issuer', 'partners: []\noperators: [{ issuer: a, subject: b, name: A }]', /^operators\.0\.issuer: must be/],
  ['two partners with one code', VALID.replace('code: other', 'code: demo'), /^partners: has two partners with one code/],
  [
    'two tenants with one code',
    VALID.replace('code: south', 'code: north'),
    /^partners\.0\.tenants: has two tenants with one code/,
  ],
])('refuses %s', (_, text, fault) => {
  expect(faultsOf(text)).toEqual([expect.stringMatching(fault)]);
});

it('reads operators', () => {
  const operator = { issuer: 'https://login.test', subject: 'olivia', name: 'Olivia', email: 'olivia@example.org' };
  expect(parseProvisionDocument(`partners: []\noperators: [${JSON.stringify(operator)}]`)).toEqual({
    partners: [],
    operators: [operator],
  });
});

it('says where YAML itself is broken', () => {
  expect(faultsOf('partners: [')).toEqual([expect.stringMatching(/^it is not valid YAML: .*line 1/)]);
});

it('lists all faults at once', () => {
  const text = `
partners:
  - { code: a/b, name: A, bundles: none, tenants: [{ code: n, name: "", schoolYears: [99999] }] }
  - { code: c, name: C, bundles: [""] }
`;
  const places = faultsOf(text).map((fault) => fault.split(': ', 1)[0]);
  expect(places).toEqual([
    'partners.0.code',
    'partners.0.bundles',
    'partners.0.tenants.0.name',
    'partners.0.tenants.0.schoolYears.0',
    'partners.1.bundles.0',
    'partners.1.tenants',
  ]);
  expect(() => parseProvisionDocument(text)).toThrow(/^The provisioning file has 6 faults:\n {2}- /);
});
