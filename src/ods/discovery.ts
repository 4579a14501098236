import { jsonObjectOf, type OdsFailure, type OdsFetch } from './ods-fetch';

/** Discovery documents have a few kilobytes. */
const MAX_BYTES = 1024 ** 2;
const MAX_DATA_MODELS = 50;

export interface DataModel {
  readonly name: string;
  readonly version: string;
}

/** What an Ed-Fi API says of itself at its base URL (Ed-Fi Discovery API 1.0). */
export interface Discovery {
  readonly apiVersion: string;
  readonly dataModels: readonly DataModel[];
  /** May have placeholders such as `{schoolYearFromRoute}`, which a URL keeps in braces. */
  readonly dataManagementApi: string;
  readonly oauth: string;
  /** To 6.x: `Year Specific` where each school year has a database of its own. */
  readonly apiMode: string | null;
}

export type DiscoverResult =
  | { readonly kind: 'discovered'; readonly discovery: Discovery }
  | { readonly kind: 'unreachable'; readonly reason: OdsFailure }
  | { readonly kind: 'refused'; readonly status: number }
  /** What was read is no discovery document. */
  | { readonly kind: 'not_ed_fi' }
  /** It names an address with another scheme, host or port than the base URL has. */
  | { readonly kind: 'foreign_address' };

/** Reads `GET {baseUrl}`. What it names is taken only where it has the base URL's origin, since credentials go there. */
export async function discover(fetch: OdsFetch, baseUrl: URL): Promise<DiscoverResult> {
  const answer = await fetch({ method: 'GET', url: baseUrl, headers: { accept: 'application/json' }, maxBytes: MAX_BYTES });
  if (answer.kind === 'failed') return { kind: 'unreachable', reason: answer.reason };
  if (answer.status !== 200) return { kind: 'refused', status: answer.status };
  const discovery = parseDiscovery(answer.body);
  if (!discovery) return { kind: 'not_ed_fi' };
  const isForeign = [discovery.dataManagementApi, discovery.oauth].some((url) => new URL(url).origin !== baseUrl.origin);
  return isForeign ? { kind: 'foreign_address' } : { kind: 'discovered', discovery };
}

function parseDiscovery(body: Buffer): Discovery | null {
  const { version, dataModels, urls, apiMode } = jsonObjectOf(body) ?? {};
  if (!isShown(version) || typeof urls !== 'object' || urls === null) return null;
  const { dataManagementApi, oauth } = urls as Record<string, unknown>;
  if (!isUrl(dataManagementApi) || !isUrl(oauth)) return null;
  return {
    apiVersion: version,
    dataModels: (Array.isArray(dataModels) ? dataModels : []).slice(0, MAX_DATA_MODELS).flatMap(toDataModel),
    dataManagementApi,
    oauth,
    apiMode: typeof apiMode === 'string' ? apiMode : null,
  };
}

function toDataModel(entry: unknown): DataModel[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { name, version } = entry as Record<string, unknown>;
  return isShown(name) && isShown(version) ? [{ name, version }] : [];
}

/** Names and versions are shown to people, and come from a stranger: short, and of harmless characters. */
const isShown = (value: unknown): value is string => typeof value === 'string' && /^[\w.+-][\w .+-]{0,63}$/.test(value);

const isUrl = (value: unknown): value is string => typeof value === 'string' && value.length <= 2048 && URL.canParse(value);
