import type { Connection } from './connection-file';
import { DEMO_JOB } from './demo-data';

/** The one block of text that says where everything is and what to try next. The `curl` lines work as pasted into a shell. */
export function welcome(connection: Connection, seconds: number, directory: string, demoRegistry: string | null): string {
  return [
    '',
    `Slipway is ready (${seconds.toFixed(1)} s). Stop it with Ctrl-C; its data stays in ${directory}.`,
    '',
    `  Web page     ${connection.web}`,
    ...usersOf(connection),
    `  API          ${connection.api}/v1`,
    `  Swagger      ${connection.docs}`,
    `  Issuer       ${connection.issuer ?? 'none: the External API is disabled'}`,
    `  S3           ${connection.s3.endpoint ?? 'AWS'} (bucket ${connection.s3.bucket})`,
    `  Everything   ${directory}/connection.json (secrets included)`,
    ...tryThis(connection, demoRegistry),
    '',
  ].join('\n');
}

/** Whom to sign in as. */
function usersOf({ users = [] }: Connection): string[] {
  const width = Math.max(0, ...users.map(({ email }) => email.length));
  return users.map(
    ({ email, role, partner, tenants = [] }) =>
      `               ${email.padEnd(width)}  ${[role, partner, ...tenants].filter(Boolean).join(' ')}`,
  );
}

/** @param demoRegistry where the bundles with sample data are; null where another registry is used. */
function tryThis(connection: Connection, demoRegistry: string | null): string[] {
  const { api, tokenEndpoint, clients: [client] = [] } = connection;
  if (!tokenEndpoint || !client)
    return ['', `  Get a token for the audience ${connection.audience} from your issuer, and see ${connection.docs}.`];
  const token = `TOKEN=$(curl -sf -u '${client.clientId}:${client.clientSecret}' -d grant_type=client_credentials ${tokenEndpoint} | ${json('access_token')})`;
  const introduction = ['', `  Demo client  ${client.clientId} (secret ${client.clientSecret})`, ''];
  if (!demoRegistry) return [...introduction, '  A token, to paste; then create a job as the Swagger page shows:', '', token];
  const { bundle, files, params } = DEMO_JOB;
  const body = JSON.stringify({
    partner: client.partner,
    tenant: client.tenants[0],
    bundle,
    schoolYear: String(new Date().getFullYear()),
    files,
    params,
  });
  const uploads = Object.entries(files).map(
    ([envVar, name]) => `curl -sf -T '${demoRegistry}/${bundle}/data/${name}' "$(echo "$JOB" | ${json(`uploadUrls.${envVar}`)})"`,
  );
  return [
    ...introduction,
    '  The main flow, to paste: a token, then create, upload, start, and (after a moment) look.',
    '',
    token,
    `JOB=$(curl -sf ${api}/v1/jobs -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${body}')`,
    uploads.join(' && '),
    `URL=${api}/v1/jobs/$(echo "$JOB" | ${json('uid')}); curl -sf -X POST "$URL/start" -H "Authorization: Bearer $TOKEN"; echo`,
    'curl -sf "$URL" -H "Authorization: Bearer $TOKEN"; echo',
  ];
}

const json = (property: string): string => `node -pe 'JSON.parse(fs.readFileSync(0)).${property}'`;
