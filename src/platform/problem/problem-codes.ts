/**
 * Every problem that a client can meet, by its stable code (RFC 9457). The core knows the codes, only this table their
 * statuses. A code never changes its meaning.
 *
 * `pathStatus` is the status where the path names what the code is about, and not the body as elsewhere.
 */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_request: { status: 400, title: 'The request is not valid' },
  unknown_field: { status: 400, title: 'The body has a field that is not known here' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid' },
  partner_not_found: { status: 400, pathStatus: 404, title: 'The partner does not exist' },
  tenant_not_found: { status: 400, pathStatus: 404, title: 'The tenant does not exist' },
  school_year_not_enabled: { status: 400, pathStatus: 404, title: 'The school year is not enabled for the tenant' },
  bundle_not_found: { status: 400, pathStatus: 404, title: 'The bundle does not exist or is not enabled for the partner' },
  missing_required_params: { status: 400, title: 'A required parameter is missing' },
  invalid_param_values: { status: 400, title: "A parameter's value is not allowed" },
  unexpected_params: { status: 400, title: 'The bundle has no such parameter' },
  missing_required_files: { status: 400, title: 'A required file is missing' },
  unexpected_files: { status: 400, title: 'The bundle has no such file' },
  invalid_file_name: { status: 400, title: 'The file name is not allowed' },
  unsupported_file_type: { status: 400, title: 'The file type is not supported by the bundle' },
  webhook_url_not_allowed: { status: 400, title: 'Webhooks are not sent to this URL' },
  logout_token_invalid: { status: 400, title: 'The logout token is not valid' },
  ods_url_not_allowed: { status: 400, title: 'An Ed-Fi API at this URL is not connected to' },
  ods_credentials_needed: { status: 400, title: 'The key and the secret are needed' },
  token_missing: { status: 401, title: 'A bearer token is needed' },
  token_invalid: { status: 401, title: 'The token is not valid' },
  token_expired: { status: 401, title: 'The token has expired' },
  not_signed_in: { status: 401, title: 'Nobody is signed in' },
  insufficient_scope: { status: 403, title: 'The token lacks a scope' },
  partner_not_allowed: { status: 403, title: 'The token does not allow this partner' },
  client_missing: { status: 403, title: 'The token names no client' },
  not_admitted: { status: 403, title: 'The user has not been admitted' },
  not_your_note: { status: 403, title: 'Somebody else wrote the note' },
  role_missing: { status: 403, title: 'The user lacks a role' },
  cross_origin_request: { status: 403, title: 'The request comes from another site' },
  route_not_found: { status: 404, title: 'There is nothing at this path' },
  job_not_found: { status: 404, title: 'The job does not exist' },
  job_file_not_found: { status: 404, title: 'The job has no such file' },
  upload_not_found: { status: 404, title: 'The upload does not exist' },
  note_not_found: { status: 404, title: 'The note does not exist' },
  output_set_not_found: { status: 404, title: 'The output set does not exist' },
  webhook_endpoint_not_found: { status: 404, title: 'The webhook endpoint does not exist' },
  webhook_delivery_not_found: { status: 404, title: 'The webhook delivery does not exist' },
  user_not_found: { status: 404, title: 'The user does not exist' },
  ods_connection_not_found: { status: 404, title: 'The ODS connection does not exist' },
  request_timeout: { status: 408, title: 'The request took too long' },
  files_missing: { status: 409, title: 'A file has not been uploaded' },
  files_empty: { status: 409, title: 'An uploaded file is empty' },
  file_too_large: { status: 409, title: 'An uploaded file is too large' },
  upload_in_parts_not_possible: { status: 409, title: 'The file cannot be uploaded in parts' },
  parts_missing: { status: 409, title: 'A part of the file has not been uploaded' },
  job_already_started: { status: 409, title: 'The job was started before' },
  job_cancelled: { status: 409, title: 'The job was cancelled' },
  job_expired: { status: 409, title: 'The job has expired' },
  job_finished: { status: 409, title: 'The job has ended' },
  job_not_started: { status: 409, title: 'The job was never started' },
  job_not_resolvable: { status: 409, title: 'The job cannot be marked as dealt with' },
  too_many_notes: { status: 409, title: 'The job has too many notes' },
  job_not_retryable: { status: 409, title: 'The job cannot be retried' },
  too_many_webhook_endpoints: { status: 409, title: 'The client has too many webhook endpoints' },
  code_taken: { status: 409, title: 'The code is taken' },
  last_operator: { status: 409, title: 'There would be no operator left' },
  user_disabled: { status: 409, title: 'The user has been disabled' },
  ods_credentials_unreadable: { status: 409, title: 'The stored key and secret cannot be read' },
  idempotency_in_progress: { status: 409, title: 'A request with this Idempotency-Key is under way' },
  input_files_removed: { status: 410, title: 'The input files of the job have been removed' },
  output_files_removed: { status: 410, title: 'The files of the output set have been removed' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  uri_too_long: { status: 414, title: 'The URL is too long' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  too_many_streams: { status: 429, title: 'Too many event streams are open' },
  rate_limited: { status: 429, title: 'Too many requests' },
  too_many_open_jobs: { status: 429, title: 'The client has too many open jobs' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  login_disabled: { status: 503, title: 'Nobody can sign in here' },
  login_unavailable: { status: 503, title: 'The login issuer cannot be reached' },
  external_api_disabled: { status: 503, title: 'The External API is not enabled here' },
  token_issuer_unavailable: { status: 503, title: 'The token issuer cannot be reached' },
  storage_unavailable: { status: 503, title: 'The file storage cannot be reached' },
  database_unavailable: { status: 503, title: 'The database cannot be reached' },
  page_not_built: { status: 503, title: 'The web page has not been built' },
  bundle_registry_unavailable: { status: 503, title: 'The bundle registry has not been read yet' },
} as const satisfies Record<string, { status: number; pathStatus?: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** @param inPath whether the path names what the code is about. */
export function problemStatus(code: ProblemCode, inPath: boolean): number {
  const { status, pathStatus }: { status: number; pathStatus?: number } = PROBLEMS[code];
  return inPath ? (pathStatus ?? status) : status;
}

/** RFC 9457 §3.1.1: a URI that names the kind of problem. It is an identifier; nothing is served there. */
export const problemType = (code: ProblemCode): string => `urn:slipway:problem:${code}`;
