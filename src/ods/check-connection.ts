import { discover, type DataModel, type Discovery } from './discovery';
import { describeDiscovery, describeFailure, describeToken } from './check-texts';
import type { OdsFetch } from './ods-fetch';
import { collectionUrl, dataUrlCandidates, tokenUrl } from './ods-urls';
import { obtainToken, type OdsCredentials } from './token';

/** What is read to see that a year is served: every Ed-Fi API has it, and it is small. */
const PROBED_COLLECTION = 'ed-fi/schoolYearTypes';
const MAX_PROBE_BYTES = 1024 ** 2;

export const CHECK_STEPS = ['base_url_reached', 'discovery_read', 'token_obtained', 'school_year_served'] as const;
export type CheckStep = (typeof CHECK_STEPS)[number];

export interface CheckedStep {
  readonly step: CheckStep;
  readonly ok: boolean;
  /** For people, in plain words; never what the API said. */
  readonly detail: string;
}

export interface ConnectionCheck {
  readonly ok: boolean;
  /** null where the discovery document could not be read. */
  readonly apiVersion: string | null;
  readonly dataModels: readonly DataModel[];
  /** In their order, up to the first that failed. */
  readonly steps: readonly CheckedStep[];
}

export interface OdsConnectionParameters extends OdsCredentials {
  readonly baseUrl: URL;
  /** The year in which the school year ends. */
  readonly schoolYear: string;
}

/** Tries what a delivery would need of a connection, step by step, and writes nothing there. */
export async function checkConnection(fetch: OdsFetch, connection: OdsConnectionParameters): Promise<ConnectionCheck> {
  const { baseUrl, schoolYear } = connection;
  const found = await discover(fetch, baseUrl);
  if (found.kind === 'unreachable') return failed([], 'base_url_reached', describeFailure(found.reason));
  const reached = [passed('base_url_reached', 'The base URL answers.')];
  if (found.kind !== 'discovered') return failed(reached, 'discovery_read', describeDiscovery(found));
  const { discovery } = found;
  const read = [...reached, passed('discovery_read', `It is an Ed-Fi API, version ${discovery.apiVersion}.`)];

  const url = tokenUrl(discovery, schoolYear);
  const token = url ? await obtainToken(fetch, url, connection) : null;
  if (token?.kind !== 'obtained')
    return failed(read, 'token_obtained', token ? describeToken(token) : PLACEHOLDER_LEFT, discovery);
  const obtained = [...read, passed('token_obtained', 'The key and the secret are accepted.')];

  const last = await checkYear(fetch, discovery, connection, token.token);
  return last.ok
    ? { ...about(discovery), ok: true, steps: [...obtained, last] }
    : failed(obtained, last.step, last.detail, discovery);
}

const PLACEHOLDER_LEFT =
  'The addresses that the API names ask for more than a school year, such as an instance. Give the base URL with it.';

async function checkYear(
  fetch: OdsFetch,
  discovery: Discovery,
  { baseUrl, schoolYear }: OdsConnectionParameters,
  token: string,
): Promise<CheckedStep> {
  const fault = (detail: string): CheckedStep => ({ step: 'school_year_served', ok: false, detail });
  const candidates = dataUrlCandidates(discovery, baseUrl, schoolYear);
  for (const data of candidates) {
    const url = collectionUrl(data, PROBED_COLLECTION);
    url.searchParams.set('limit', '1');
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch({ method: 'GET', url, headers, maxBytes: MAX_PROBE_BYTES });
    if (answer.kind === 'failed') return fault(describeFailure(answer.reason));
    if (answer.status === 404) continue;
    // 403: the data is there, and the key may not read this collection; that is no fault of the connection.
    if (answer.status !== 200 && answer.status !== 403) return fault(unexpected(answer.status));
    const hasYear = data.pathname.split('/').includes(schoolYear);
    return passed(
      'school_year_served',
      hasYear ? `The school year ${schoolYear} is served.` : 'The API has no addresses for single years and serves all of them.',
    );
  }
  return fault(
    candidates.length > 0
      ? `The API does not serve the school year ${schoolYear}.`
      : `The addresses that the API names are not for the school year ${schoolYear}. Give the base URL of that year, or without a year.`,
  );
}

const unexpected = (status: number): string =>
  status === 401
    ? 'The API does not accept its own token for this school year.'
    : `Reading from the API was answered with the status ${status}.`;

const passed = (step: CheckStep, detail: string): CheckedStep => ({ step, ok: true, detail });

const about = ({ apiVersion, dataModels }: Discovery): Pick<ConnectionCheck, 'apiVersion' | 'dataModels'> => ({
  apiVersion,
  dataModels,
});

function failed(before: readonly CheckedStep[], step: CheckStep, detail: string, discovery?: Discovery): ConnectionCheck {
  const known = discovery ? about(discovery) : { apiVersion: null, dataModels: [] };
  return { ...known, ok: false, steps: [...before, { step, ok: false, detail }] };
}
