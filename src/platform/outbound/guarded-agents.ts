import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressPolicy } from './address-policy';

/** No address of a host may be connected to. */
export class AddressRefusedError extends Error {
  readonly code = 'ADDRESS_REFUSED';
  constructor() {
    super('the host has no address that may be connected to');
    this.name = 'AddressRefusedError';
  }
}

export type ResolveHost = typeof systemLookup;

/**
 * Agents of `node:http` and `node:https` for requests to hosts that somebody outside chose. What is checked is the address that
 * is then connected to, at every connect, so a name that resolves to something else a moment later gains nothing (DNS rebinding).
 * Connections are not reused, proxies of the environment are not used, and TLS is always verified.
 *
 * @param resolveHost for tests; the system's resolver by default.
 */
export function guardedAgents(
  policy: AddressPolicy,
  resolveHost: ResolveHost = systemLookup,
): { readonly http: http.Agent; readonly https: https.Agent } {
  const options = { keepAlive: false, lookup: guardedLookup(policy, resolveHost) };
  return {
    http: new GuardedHttpAgent(policy, options),
    https: new GuardedHttpsAgent(policy, { ...options, rejectUnauthorized: true, maxCachedSessions: 0 }),
  };
}

/** Leaves those of a name's addresses that may be connected to. */
function guardedLookup(policy: AddressPolicy, resolveHost: ResolveHost): LookupFunction {
  return (hostname, options, callback) => {
    resolveHost(hostname, { ...options, all: true }, (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => {
      const [first, ...others] = error ? [] : found.filter(({ address }) => policy.allows(address));
      if (error) callback(error, []);
      else if (!first) callback(new AddressRefusedError(), []);
      else if (options.all) callback(null, [first, ...others]);
      else callback(null, first.address, first.family);
    });
  };
}

type OnSocket = (error: Error | null, stream: Duplex) => void;

/** A host that is an address itself is connected to without a lookup. */
const isRefusedLiteral = (policy: AddressPolicy, host: string | null | undefined): boolean =>
  typeof host !== 'string' || (isIP(host) !== 0 && !policy.allows(host));

class GuardedHttpAgent extends http.Agent {
  constructor(
    private readonly policy: AddressPolicy,
    options: http.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: http.ClientRequestArgs, callback?: OnSocket): Duplex | null | undefined {
    if (!isRefusedLiteral(this.policy, options.host)) return super.createConnection(options, callback);
    refuse(callback);
    return undefined;
  }
}

class GuardedHttpsAgent extends https.Agent {
  constructor(
    private readonly policy: AddressPolicy,
    options: https.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: https.RequestOptions, callback?: OnSocket): Duplex | null | undefined {
    if (!isRefusedLiteral(this.policy, options.host)) return super.createConnection(options, callback);
    refuse(callback);
    return undefined;
  }
}

/** Node's types want a stream even with an error, and it takes none. */
function refuse(callback: OnSocket | undefined): void {
  (callback as ((error: Error) => void) | undefined)?.(new AddressRefusedError());
}
