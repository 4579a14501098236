import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

/**
 * Takes from this process what Node's permission flags leave it: the network, and signals to other processes. For the engine's
 * child, before it touches a bundle. It is a second wall: a bundle's templates cannot reach a module in the first place.
 */
export function lockDown(): void {
  // Everything that connects or listens (http, https, tls, http2, fetch) ends in these two.
  disable(net.Socket.prototype, ['connect']);
  disable(net.Server.prototype, ['listen']);
  disable(dgram.Socket.prototype, ['bind', 'connect', 'send', 'addMembership']);
  disable(dns, functionsOf(dns));
  disable(dns.promises, functionsOf(dns.promises));
  disable(dns.Resolver.prototype, functionsOf(dns.Resolver.prototype));
  disable(dns.promises.Resolver.prototype, functionsOf(dns.promises.Resolver.prototype));
  disable(process, ['kill', '_kill', '_debugProcess']);
}

function disable(target: object, names: readonly string[]): void {
  for (const name of names) {
    const refuse = (): never => {
      throw new Error(`${name} is not allowed in the engine's process`);
    };
    Object.defineProperty(target, name, { value: refuse, writable: false, configurable: false });
  }
}

/** Their own methods, not the classes. */
function functionsOf(target: object): string[] {
  return Object.getOwnPropertyNames(target).filter((name) => {
    const { value } = Object.getOwnPropertyDescriptor(target, name) ?? {};
    return typeof value === 'function' && /^[a-z]/.test(name) && name !== 'constructor';
  });
}
