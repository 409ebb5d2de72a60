import { BlockList, isIP } from 'node:net';

const familyOf = (ip: string): 'ipv4' | 'ipv6' => (isIP(ip) === 6 ? 'ipv6' : 'ipv4');

/** Proxies in front of the server, as addresses or CIDR blocks. @throws {Error} for what is neither */
export function trustedProxies(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [ip = '', prefix, ...more] = block.split('/');
    const longest = isIP(ip) === 6 ? 128 : 32;
    const length = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (isIP(ip) === 0 || more.length > 0 || length < 0 || length > longest) {
      throw new Error(`${block} is neither an address nor a CIDR block`);
    }
    list.addSubnet(ip, length, familyOf(ip));
  }
  return list;
}

/**
 * The address the request came from: that of the connection, or where that is a trusted proxy the last one in
 * X-Forwarded-For that is not. What stands before it was written by anybody.
 */
export function clientAddress(
  connection: string,
  forwardedFor: string | undefined,
  trusted: BlockList,
): string {
  let address = plain(connection);
  const hops = forwardedFor?.split(',').map(hop => plain(hop.trim())) ?? [];
  while (isIP(address) > 0 && trusted.check(address, familyOf(address))) {
    const before = hops.pop();
    if (before === undefined || isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** Node gives IPv4 clients of a dual-stack socket as `::ffff:192.0.2.1`. */
const plain = (ip: string): string => ip.replace(/^::ffff:(?=\d+\.)/i, '');
