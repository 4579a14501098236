import type { Discovery } from './discovery';
import { collectionUrl, dataUrlCandidates, tokenUrl } from './ods-urls';

const discovery = (dataManagementApi: string, apiVersion = '7.3', apiMode: string | null = null): Discovery => ({
  apiVersion,
  apiMode,
  dataModels: [],
  dataManagementApi,
  oauth: 'https://ods.example.org/oauth/token',
});

function candidates(dataManagementApi: string, apiVersion?: string, options: { apiMode?: string; base?: string } = {}): string[] {
  const { apiMode = null, base = 'https://ods.example.org/api' } = options;
  return dataUrlCandidates(discovery(dataManagementApi, apiVersion, apiMode), new URL(base), '2026').map(({ href }) => href);
}

const ROOT = 'https://ods.example.org/api';

describe("where a school year's resources may be", () => {
  it.each([
    ['6.2', `${ROOT}/data/v3/`, `${ROOT}/data/v3/2026`],
    ['7.3', `${ROOT}/data/v3/`, `${ROOT}/2026/data/v3`],
    ['8.0.1', `${ROOT}/data`, `${ROOT}/2026/data`],
    ['8.0', `${ROOT}/other`, `${ROOT}/other/2026`],
  ])('in version %s: under the year, then without one', (version, url, withYear) => {
    expect(candidates(url, version)).toEqual([withYear, url.replace(/\/$/, '')]);
  });

  it('is under the year alone where each year has a database of its own', () => {
    expect(candidates(`${ROOT}/data/v3/`, '6.1', { apiMode: 'Year Specific' })).toEqual([`${ROOT}/data/v3/2026`]);
    expect(candidates(`${ROOT}/data/v3/`, '5.3', { apiMode: 'YearSpecific' })).toEqual([`${ROOT}/data/v3/2026`]);
  });

  it.each(['{schoolYearFromRoute}', '{schoolYearFromRoute:range(2000,2099)}', '%7BschoolYear%7D'])(
    'is where the API has %s',
    (placeholder) => expect(candidates(`${ROOT}/${placeholder}/data/v3/`)).toEqual([`${ROOT}/2026/data/v3`]),
  );

  it('is nowhere while the API asks for more than a year', () => {
    expect(candidates(`${ROOT}/{instanceId}/{schoolYearFromRoute}/data/v3/`)).toEqual([]);
  });

  it('is where the API has the year already', () => {
    expect(candidates(`${ROOT}/2026/data`, '8.0', { base: `${ROOT}/2026` })).toEqual([`${ROOT}/2026/data`]);
  });

  it('is in the place of the current year, but not of one that the base URL names', () => {
    expect(candidates(`${ROOT}/data/v3/2025`, '6.1', { apiMode: 'Year Specific' })).toEqual([`${ROOT}/data/v3/2026`]);
    expect(candidates(`${ROOT}/2025/data/v3`, '7.3', { base: `${ROOT}/2025/` })).toEqual([]);
  });

  it('is not misled by a version in the path', () => {
    expect(candidates('https://ods.example.org/v7.3/api/data/v3/')).toEqual([
      'https://ods.example.org/v7.3/api/2026/data/v3',
      'https://ods.example.org/v7.3/api/data/v3',
    ]);
  });
});

it("puts the year into the token's address, where it asks for it", () => {
  const base = discovery(`${ROOT}/data/v3/`);
  expect(tokenUrl(base, '2026')?.href).toBe('https://ods.example.org/oauth/token');
  const yearly = { ...base, oauth: `${ROOT}/{schoolYear}/oauth/token` };
  expect(tokenUrl(yearly, '2026')?.href).toBe(`${ROOT}/2026/oauth/token`);
  expect(tokenUrl({ ...base, oauth: `${ROOT}/{tenantIdentifier}/oauth/token` }, '2026')).toBeNull();
});

it('addresses a collection', () => {
  expect(collectionUrl(new URL(`${ROOT}/2026/data/v3`), 'ed-fi/schools').href).toBe(`${ROOT}/2026/data/v3/ed-fi/schools`);
});
