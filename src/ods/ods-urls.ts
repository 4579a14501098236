import type { Discovery } from './discovery';

/** As a URL has it: braces are percent-encoded in its path. */
const PLACEHOLDER = /\{([^{}/]*)\}|%7B([^/]*?)%7D/gi;
const YEAR_SEGMENT = /(?<=\/)(?:19|20|21)\d\d(?=\/|$)/;
/** What the resources' path ends in: `data/v3` to 7.x, `data` from v8 on. */
const DATA_SEGMENT = /\/data(\/v3)?$/;

/**
 * Where the resources of a school year may be, likeliest first; empty where the API's addresses are for another year, or ask for
 * something beside the year.
 *
 * An API may keep each year in a database of its own: `/data/v3/{year}` to 6.x, `/{year}/data/v3` in 7.x and `/{year}/data` in
 * v8 (Ed-Fi, "API routes"). It says so by a placeholder or a year in its discovery document, or not at all; an API without years
 * has all of them in one database, under the address without one.
 *
 * @param baseUrl that the discovery document was read from; a year in it is meant.
 */
export function dataUrlCandidates(discovery: Discovery, baseUrl: URL, schoolYear: string): URL[] {
  const data = resolveUrl(discovery.dataManagementApi, schoolYear);
  if (!data) return [];
  if (data.href !== new URL(discovery.dataManagementApi).href) return [withoutEndSlash(data)];
  const plain = withoutEndSlash(data);
  const [year] = YEAR_SEGMENT.exec(plain.pathname) ?? [];
  if (year === schoolYear) return [plain];
  if (year !== undefined) {
    const isMeant = withoutEndSlash(baseUrl).pathname.split('/').includes(year);
    return isMeant ? [] : [withPath(plain, plain.pathname.replace(YEAR_SEGMENT, schoolYear))];
  }
  const withYear = withPath(plain, yearPath(plain.pathname, discovery.apiVersion, schoolYear));
  return /^year\s?specific$/i.test(discovery.apiMode ?? '') ? [withYear] : [withYear, plain];
}

/** Where tokens of a school year are obtained; null where the address asks for something beside the year. */
export const tokenUrl = ({ oauth }: Discovery, schoolYear: string): URL | null => resolveUrl(oauth, schoolYear);

/** The address of a collection, such as `ed-fi/schoolYearTypes`. */
export const collectionUrl = (data: URL, collection: string): URL =>
  withPath(data, `${withoutEndSlash(data).pathname}/${collection}`);

/** Puts the year into the placeholder for it; null where another one is left. */
function resolveUrl(text: string, schoolYear: string): URL | null {
  const url = new URL(text);
  let isWhole = true;
  const path = url.pathname.replace(PLACEHOLDER, (placeholder: string, name?: string, encoded?: string) => {
    if (/year/i.test(name ?? encoded ?? '')) return schoolYear;
    isWhole = false;
    return placeholder;
  });
  return isWhole ? withPath(url, path) : null;
}

function yearPath(path: string, apiVersion: string, schoolYear: string): string {
  if (Number.parseInt(apiVersion, 10) < 7) return `${path}/${schoolYear}`;
  return DATA_SEGMENT.test(path) ? path.replace(DATA_SEGMENT, `/${schoolYear}$&`) : `${path}/${schoolYear}`;
}

function withPath(url: URL, path: string): URL {
  const changed = new URL(url);
  changed.pathname = path;
  return changed;
}

const withoutEndSlash = (url: URL): URL => withPath(url, url.pathname.replace(/\/+$/, ''));
