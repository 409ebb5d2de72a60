import fc from 'fast-check';
import {
  type Attribute,
  type AttributeName,
  type AttributeValue,
  attributeName,
} from '../../src/stun/attributes.ts';
import type { Method, StunMessage } from '../../src/stun/message.ts';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytes = fc.uint8Array({ maxLength: 40 });
const bytesOf = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
// Well-formed: a lone surrogate has no UTF-8.
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const family = fc.constantFrom('ipv4' as const, 'ipv6' as const);
// Only canonical text comes back as it went in.
const ipv6 = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map(groups => groups.map(group => group.toString(16)).join(':'));
const ip = fc.oneof(fc.ipV4(), ipv6, fc.constantFrom('::', '::1', '2001:db8::1', '::ffff:192.0.2.1'));
const address = fc.record({ ip, port: uint16 });
const reason = text.filter(value => !value.endsWith('\0'));
const error = fc.record({ code: fc.integer({ min: 300, max: 699 }), reason });
const algorithm = fc.record({ algorithm: uint16, parameters: bytes });
const flag = fc.constant(true as const);

/** One arbitrary for each known attribute; MESSAGE-INTEGRITY and FINGERPRINT come from options of `encode`. */
const values: {
  readonly [N in Exclude<
    AttributeName,
    'MESSAGE-INTEGRITY' | 'MESSAGE-INTEGRITY-SHA256' | 'FINGERPRINT'
  >]: fc.Arbitrary<AttributeValue<N>>;
} = {
  'MAPPED-ADDRESS': address,
  USERNAME: text,
  'ERROR-CODE': error,
  'UNKNOWN-ATTRIBUTES': fc.array(uint16, { maxLength: 9 }),
  REALM: text,
  NONCE: fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  'PASSWORD-ALGORITHM': algorithm,
  USERHASH: bytesOf(32),
  'XOR-MAPPED-ADDRESS': address,
  'PASSWORD-ALGORITHMS': fc.array(algorithm, { maxLength: 4 }),
  'ALTERNATE-DOMAIN': text,
  SOFTWARE: text,
  'ALTERNATE-SERVER': address,
  'CHANNEL-NUMBER': uint16,
  LIFETIME: uint32,
  'XOR-PEER-ADDRESS': address,
  DATA: bytes,
  'XOR-RELAYED-ADDRESS': address,
  'REQUESTED-ADDRESS-FAMILY': family,
  'EVEN-PORT': fc.record({ reserveNext: fc.boolean() }),
  'REQUESTED-TRANSPORT': fc.integer({ min: 0, max: 255 }),
  'DONT-FRAGMENT': flag,
  'RESERVATION-TOKEN': bytesOf(8),
  'ADDITIONAL-ADDRESS-FAMILY': family,
  'ADDRESS-ERROR-CODE': fc.tuple(error, family).map(([value, of]) => ({ ...value, family: of })),
  ICMP: fc.record({ type: fc.nat(127), code: fc.nat(511), data: uint32 }),
  'CONNECTION-ID': uint32,
  'CHANGE-REQUEST': fc.record({ changeIp: fc.boolean(), changePort: fc.boolean() }),
  PADDING: bytes,
  'RESPONSE-PORT': uint16,
  'CACHE-TIMEOUT': uint32,
  'RESPONSE-ORIGIN': address,
  'OTHER-ADDRESS': address,
  'ACCESS-TOKEN': bytes,
  'THIRD-PARTY-AUTHORIZATION': text,
  'MOBILITY-TICKET': bytes,
  PRIORITY: uint32,
  'USE-CANDIDATE': flag,
  'ICE-CONTROLLED': uint64,
  'ICE-CONTROLLING': uint64,
  ORIGIN: text,
  'NEW-BANDWIDTH': uint32,
};

const known = Object.entries(values).map(([name, value]) =>
  (value as fc.Arbitrary<unknown>).map(decoded => ({ name, value: decoded }) as Attribute),
);

const raw = fc.record({
  name: uint16.filter(type => attributeName(type) === undefined),
  value: bytes,
});

const methods: readonly Method[] = [
  'binding',
  'allocate',
  'refresh',
  'send',
  'data',
  'createPermission',
  'channelBind',
  'connect',
  'connectionBind',
  'connectionAttempt',
  0x000,
  0xff,
];

/** Every message that has one canonical form. */
export const messages: fc.Arbitrary<StunMessage> = fc.record({
  class: fc.constantFrom('request', 'indication', 'success', 'error'),
  method: fc.constantFrom(...methods),
  transactionId: bytesOf(12),
  attributes: fc.array(fc.oneof(raw, ...known), { maxLength: 12 }),
});
