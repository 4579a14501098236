import type { DiscoverResult } from './discovery';
import type { OdsFailure } from './ods-fetch';
import type { ObtainTokenResult } from './token';

/** What went wrong with an Ed-Fi API, for the person who keeps the connection: our words, never the API's. */

export function describeFailure(reason: OdsFailure): string {
  switch (reason) {
    case 'address_refused':
      return 'The host has no address that this installation may connect to: only public ones are allowed unless its operator says otherwise.';
    case 'dns_failed':
      return "The host's name cannot be resolved. Check how it is spelled.";
    case 'tls_failed':
      return 'There is no secure connection: the certificate of the host is not valid, or it does not speak TLS.';
    case 'connection_failed':
      return 'The host does not accept the connection.';
    case 'invalid_response':
      return 'What answers is no web server.';
    case 'timeout':
      return 'There was no answer in time.';
    case 'too_large':
      return 'The answer is far larger than that of an Ed-Fi API.';
    default:
      return reason satisfies never;
  }
}

export function describeDiscovery(result: Exclude<DiscoverResult, { kind: 'discovered' | 'unreachable' }>): string {
  switch (result.kind) {
    case 'refused':
      return result.status >= 300 && result.status < 400
        ? 'The base URL leads elsewhere (a redirect), which is not followed. Give the address that it leads to.'
        : `The base URL was answered with the status ${result.status}. It must be the root of the API, above data/v3.`;
    case 'not_ed_fi':
      return 'What answers at the base URL is no Ed-Fi API. It must be the root of the API, above data/v3.';
    case 'foreign_address':
      return 'The API names addresses with another scheme, host or port than the base URL, and credentials are not sent there. Check the proxy before it, or give the base URL that it names itself by.';
    default:
      return result satisfies never;
  }
}

export function describeToken(result: Exclude<ObtainTokenResult, { kind: 'obtained' }>): string {
  switch (result.kind) {
    case 'unreachable':
      return describeFailure(result.reason);
    case 'rejected':
      return 'The API does not accept the key and the secret.';
    case 'too_many_tokens':
      return 'The key has as many live tokens as the API allows. Try again in half an hour, when they have expired.';
    case 'refused':
      return `The request for a token was answered with the status ${result.status}.`;
    case 'no_token':
      return 'The answer to the request for a token has none.';
    default:
      return result satisfies never;
  }
}
