import { BlockList, isIP } from 'node:net';

/**
 * What is no ordinary host of the internet: IANA's IPv4 Special-Purpose Address Registry, multicast (RFC 5771), the reserved
 * rest (RFC 1112 §4), and Azure's host endpoint, which looks public and is not. Clouds' metadata is in 169.254.0.0/16,
 * 100.64.0.0/10 and 192.0.0.0/24.
 */
const REFUSED_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
];

/**
 * Of IPv6 only global unicast (RFC 4291 §2.4) is public. That leaves out ::1, unique local, link-local and multicast addresses,
 * and those that carry an IPv4 address around the list above: mapped (::ffff:0:0/96), compatible (::/96), NAT64 (64:ff9b::/96).
 */
const GLOBAL_IPV6 = ['2000::/3'];
/** What is special within it: IETF protocols with Teredo (2001::/23), documentation, and 6to4, which carries IPv4 too. */
const REFUSED_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Says which addresses the process may connect to on behalf of somebody outside: public ones, and those of its CIDRs. */
export class AddressPolicy {
  private readonly allowed: BlockList;

  /** @param allowedCidrs ranges that are allowed though they are not public; each must satisfy `isCidr`. */
  constructor(allowedCidrs: readonly string[] = []) {
    this.allowed = blockList(allowedCidrs);
  }

  /** @param address IPv4 or IPv6 in any notation that Node takes for one. Anything else, or with a zone, is not allowed. */
  allows(address: string): boolean {
    const family = isIP(address);
    if (family === 0 || address.includes('%')) return false;
    const type = family === 4 ? 'ipv4' : 'ipv6';
    if (this.allowed.check(address, type)) return true;
    if (family === 6 && !globalIpv6.check(address, type)) return false;
    return !refused.check(address, type);
  }
}

export function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && !address.includes('%');
}

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

const refused = blockList([...REFUSED_IPV4, ...REFUSED_IPV6]);
const globalIpv6 = blockList(GLOBAL_IPV6);
