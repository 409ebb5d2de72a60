export type Family = 'ipv4' | 'ipv6';

/** An IP address as a number of 32 or 128 bits. */
export interface Ip {
  readonly family: Family;
  readonly value: bigint;
}

/** Length of an address: 32 or 128. */
export const bitsOf = (family: Family): number => (family === 'ipv4' ? 32 : 128);

/** Reads the text form of an address; null for names, ports, prefixes, scope ids and the short IPv4 forms of inet_aton. */
export function parseIp(text: string): Ip | null {
  const family = text.includes(':') ? 'ipv6' : 'ipv4';
  const digits = family === 'ipv6' ? ipv6Digits(text) : ipv4Digits(text);
  return digits === null ? null : { family, value: BigInt(`0x${digits}`) };
}

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** `192.0.2.1` as eight hexadecimal digits. An octet with a zero in front might be octal, so it is none. */
function ipv4Digits(text: string): string | null {
  const octets = DOTTED.exec(text)?.slice(1);
  if (octets?.every(octet => Number(octet) < 256 && (octet === '0' || octet[0] !== '0')) !== true)
    return null;
  return octets.map(octet => Number(octet).toString(16).padStart(2, '0')).join('');
}

const IPV6_DIGITS = 32;

/** RFC 4291 §2.2: groups of up to four digits, `::` once for zeros, and an IPv4 address in place of the last two. */
function ipv6Digits(text: string): string | null {
  const gap = text.indexOf('::');
  const left = gap === -1 ? '' : hexGroups(text.slice(0, gap));
  const right = groups(gap === -1 ? text : text.slice(gap + 2));
  if (left === null || right === null) return null;
  const missing = IPV6_DIGITS - left.length - right.length;
  // As Node and inet_pton have it, `::` may stand for a single group, but not for none.
  if (gap === -1 ? missing !== 0 : missing < 4) return null;
  return left + '0'.repeat(missing) + right;
}

/** The groups at the end of an address, four digits each; null if one is none. */
function groups(text: string): string | null {
  const last = text.lastIndexOf(':') + 1;
  if (!text.includes('.', last)) return hexGroups(text);
  const dotted = ipv4Digits(text.slice(last));
  const before = last === 0 ? '' : hexGroups(text.slice(0, last - 1));
  return dotted === null || before === null || last === 1 ? null : before + dotted;
}

const GROUP = /^[\da-f]{1,4}$/i;

function hexGroups(text: string): string | null {
  if (text === '') return '';
  const parts = text.split(':');
  return parts.every(part => GROUP.test(part)) ? parts.map(part => part.padStart(4, '0')).join('') : null;
}

/** The canonical text form, RFC 5952 for IPv6; mapped addresses keep their dotted tail. */
export function formatIp({ family, value }: Ip): string {
  if (family === 'ipv4') return dotted(value);
  if (value >> 32n === 0xffffn) return `::ffff:${dotted(value & 0xffffffffn)}`;
  const parts = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const { start, length } = longestZeros(parts);
  if (length < 2) return parts.join(':');
  return `${parts.slice(0, start).join(':')}::${parts.slice(start + length).join(':')}`;
}

const dotted = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map(shift => ((value >> shift) & 0xffn).toString()).join('.');

function longestZeros(parts: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < parts.length; start++) {
    let length = 0;
    while (parts[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** Ways of writing an IPv4 address in an IPv6 one: RFC 4291 §2.5.5.2 and §2.5.5.1, RFC 6052 §2.1, RFC 3056 §2. */
export type EmbeddingForm = 'mapped' | 'compatible' | 'nat64' | '6to4';

/** First address, number of leading bits, and where the IPv4 address ends. */
export const EMBEDDINGS: readonly {
  readonly form: EmbeddingForm;
  readonly prefix: bigint;
  readonly shift: bigint;
}[] = [
  { form: 'mapped', prefix: 0xffffn, shift: 0n },
  { form: 'nat64', prefix: 0x0064ff9b_00000000_00000000n, shift: 0n },
  { form: '6to4', prefix: 0x2002n, shift: 80n },
  { form: 'compatible', prefix: 0n, shift: 0n },
];

/** The IPv4 address inside an IPv6 one, if it has such a form. `::` and `::1` are not IPv4-compatible. */
export function embeddedIpv4(ip: Ip): { readonly form: EmbeddingForm; readonly ip: Ip } | null {
  if (ip.family === 'ipv4' || ip.value <= 1n) return null;
  const found = EMBEDDINGS.find(({ prefix, shift }) => ip.value >> (32n + shift) === prefix);
  return found
    ? { form: found.form, ip: { family: 'ipv4', value: (ip.value >> found.shift) & 0xffffffffn } }
    : null;
}

/** An address block, `10.0.0.0/8`. */
export interface IpPrefix extends Ip {
  readonly length: number;
}

/** Reads `address/length`; bits after the prefix are cleared. Null when it is not one. */
export function parsePrefix(text: string): IpPrefix | null {
  const [, address = '', digits = ''] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const ip = parseIp(address);
  const length = Number(digits);
  if (!ip || length > bitsOf(ip.family)) return null;
  const hostBits = BigInt(bitsOf(ip.family) - length);
  return { family: ip.family, value: (ip.value >> hostBits) << hostBits, length };
}

export type IpClass =
  | 'loopback'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'metadata'
  | 'unique-local'
  | 'multicast'
  | 'unspecified'
  | 'documentation'
  | 'benchmark'
  | 'reserved'
  | 'public';

/** IANA special-purpose registries (RFC 6890); the first match counts. Metadata services are those of the large clouds. */
const CLASSES: readonly (readonly [prefix: string, IpClass])[] = [
  ['169.254.169.254/32', 'metadata'],
  ['100.100.100.200/32', 'metadata'],
  ['0.0.0.0/8', 'unspecified'],
  ['127.0.0.0/8', 'loopback'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['169.254.0.0/16', 'link-local'],
  ['192.0.2.0/24', 'documentation'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['198.18.0.0/15', 'benchmark'],
  ['192.0.0.0/24', 'reserved'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['fd00:ec2::254/128', 'metadata'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'link-local'],
  ['fc00::/7', 'unique-local'],
  ['ff00::/8', 'multicast'],
  ['2001:db8::/32', 'documentation'],
  ['3fff::/20', 'documentation'],
  ['2001:2::/48', 'benchmark'],
  ['100::/64', 'reserved'],
  ['::/8', 'reserved'],
];

const parsedClasses = CLASSES.map(([prefix, name]) => ({ prefix: parsePrefix(prefix)!, name }));

/** Whether a block holds smaller ones of another class, so that its addresses are not all alike. */
export const isMixed = (block: IpPrefix): boolean =>
  parsedClasses.some(({ prefix }) => prefix.length > block.length && isInPrefix(prefix, block));

/** What kind of address it is. An IPv4-mapped address is judged as the IPv4 address it reaches. */
export function classifyIp(ip: Ip): IpClass {
  const embedded = embeddedIpv4(ip);
  if (embedded?.form === 'mapped') return classifyIp(embedded.ip);
  if (embedded?.form === 'nat64') return 'public';
  return parsedClasses.find(({ prefix }) => isInPrefix(ip, prefix))?.name ?? 'public';
}

const isInPrefix = (ip: Ip, prefix: IpPrefix): boolean => {
  const hostBits = BigInt(bitsOf(prefix.family) - prefix.length);
  return ip.family === prefix.family && ip.value >> hostBits === prefix.value >> hostBits;
};
