/** Why a request had no answer, as far as that can be told to somebody outside. */
export type ConnectionFailure = 'address_refused' | 'dns_failed' | 'tls_failed' | 'invalid_response' | 'connection_failed';

/** By Node's error codes (Node, "Errors"; OpenSSL's verification errors in "TLS"). */
export function connectionFailureOf(error: NodeJS.ErrnoException | undefined): ConnectionFailure {
  const code = error?.code ?? '';
  if (code === 'ADDRESS_REFUSED') return 'address_refused';
  if (error?.syscall === 'getaddrinfo' || /^(ENOTFOUND|EAI_)/.test(code)) return 'dns_failed';
  if (/^HPE_/.test(code)) return 'invalid_response';
  if (/^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO|INVALID_CA)/.test(code))
    return 'tls_failed';
  return 'connection_failed';
}
