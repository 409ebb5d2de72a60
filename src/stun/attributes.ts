import { plainAddress, xorAddress } from './address.ts';
import type { Codec } from './codec.ts';
import * as codec from './codec.ts';

interface Definition<T> {
  readonly type: number;
  readonly codec: Codec<T>;
}

const define = <T>(type: number, codec: Codec<T>): Definition<T> => ({ type, codec });

/** Every attribute turnctl understands, by the name its RFC gives it. */
export const attributeTable = {
  // RFC 8489 (STUN)
  'MAPPED-ADDRESS': define(0x0001, plainAddress),
  USERNAME: define(0x0006, codec.text),
  'MESSAGE-INTEGRITY': define(0x0008, codec.bytesOf(20)),
  'ERROR-CODE': define(0x0009, codec.errorCode),
  'UNKNOWN-ATTRIBUTES': define(0x000a, codec.attributeTypes),
  REALM: define(0x0014, codec.text),
  NONCE: define(0x0015, codec.token),
  'MESSAGE-INTEGRITY-SHA256': define(0x001c, codec.bytesOf(16, 32)),
  'PASSWORD-ALGORITHM': define(0x001d, codec.passwordAlgorithm),
  USERHASH: define(0x001e, codec.bytesOf(32)),
  'XOR-MAPPED-ADDRESS': define(0x0020, xorAddress),
  'PASSWORD-ALGORITHMS': define(0x8002, codec.passwordAlgorithms),
  'ALTERNATE-DOMAIN': define(0x8003, codec.remark),
  SOFTWARE: define(0x8022, codec.remark),
  'ALTERNATE-SERVER': define(0x8023, plainAddress),
  FINGERPRINT: define(0x8028, codec.uint32),
  // RFC 8656 (TURN)
  'CHANNEL-NUMBER': define(0x000c, codec.uint16Reserved),
  LIFETIME: define(0x000d, codec.uint32),
  'XOR-PEER-ADDRESS': define(0x0012, xorAddress),
  DATA: define(0x0013, codec.bytes),
  'XOR-RELAYED-ADDRESS': define(0x0016, xorAddress),
  'REQUESTED-ADDRESS-FAMILY': define(0x0017, codec.family),
  'EVEN-PORT': define(0x0018, codec.evenPort),
  'REQUESTED-TRANSPORT': define(0x0019, codec.uint8Reserved),
  'DONT-FRAGMENT': define(0x001a, codec.flag),
  'RESERVATION-TOKEN': define(0x0022, codec.bytesOf(8)),
  'ADDITIONAL-ADDRESS-FAMILY': define(0x8000, codec.family),
  'ADDRESS-ERROR-CODE': define(0x8001, codec.addressErrorCode),
  ICMP: define(0x8004, codec.icmp),
  // RFC 6062 (TURN-TCP)
  'CONNECTION-ID': define(0x002a, codec.uint32),
  // RFC 5780 (NAT behaviour)
  'CHANGE-REQUEST': define(0x0003, codec.changeRequest),
  PADDING: define(0x0026, codec.bytes),
  'RESPONSE-PORT': define(0x0027, codec.uint16Reserved),
  'CACHE-TIMEOUT': define(0x8027, codec.uint32),
  'RESPONSE-ORIGIN': define(0x802b, plainAddress),
  'OTHER-ADDRESS': define(0x802c, plainAddress),
  // RFC 7635 (OAuth)
  'ACCESS-TOKEN': define(0x001b, codec.bytes),
  'THIRD-PARTY-AUTHORIZATION': define(0x802e, codec.remark),
  // RFC 8016 (mobility)
  'MOBILITY-TICKET': define(0x8030, codec.bytes),
  // RFC 8445 (ICE)
  PRIORITY: define(0x0024, codec.uint32),
  'USE-CANDIDATE': define(0x0025, codec.flag),
  'ICE-CONTROLLED': define(0x8029, codec.uint64),
  'ICE-CONTROLLING': define(0x802a, codec.uint64),
  // draft-johnston-tram-stun-origin
  ORIGIN: define(0x802f, codec.remark),
  // draft-thomson-tram-turn-bandwidth, in kilobits per second; coturn's STUN_ATTRIBUTE_NEW_BANDWIDTH
  'NEW-BANDWIDTH': define(0x8010, codec.uint32),
} as const;

export type AttributeName = keyof typeof attributeTable;

export type AttributeValue<N extends AttributeName> =
  (typeof attributeTable)[N] extends Definition<infer T> ? T : never;

export type KnownAttribute = {
  [N in AttributeName]: { readonly name: N; readonly value: AttributeValue<N> };
}[AttributeName];

/** An attribute that turnctl does not know, or one that is to be sent with a value its codec would refuse. */
interface RawAttribute {
  /** The attribute's type. */
  readonly name: number;
  readonly value: Uint8Array;
}

export type Attribute = KnownAttribute | RawAttribute;

const namesByType = new Map(
  Object.entries(attributeTable).map(([name, { type }]) => [type as number, name as AttributeName]),
);

/** The name of an attribute type, or undefined. */
export const attributeName = (type: number): AttributeName | undefined => namesByType.get(type);

export const attributeType = (name: AttributeName | number): number =>
  typeof name === 'number' ? name : attributeTable[name].type;

/** Whether a receiver that does not know the attribute must refuse the message (RFC 8489 §14). */
export const isComprehensionRequired = (type: number): boolean => type < 0x8000;

/** The codec of a known attribute, its type widened so that it can be applied to the union of all values. */
export const codecOf = (name: AttributeName): Codec<unknown> => attributeTable[name].codec as Codec<unknown>;

/** What `attribute` and `attributes` look into. */
interface Holder {
  readonly attributes: readonly Attribute[];
}

/** The first value of an attribute that counts, or undefined. */
export function attribute<N extends AttributeName>(message: Holder, name: N): AttributeValue<N> | undefined {
  return attributes(message, name)[0];
}

/** Every value of an attribute in the order sent, as several XOR-PEER-ADDRESS in one CreatePermission. */
export function attributes<N extends AttributeName>(message: Holder, name: N): AttributeValue<N>[] {
  return countedAttributes(message)
    .filter(candidate => candidate.name === name)
    .map(candidate => candidate.value as AttributeValue<N>);
}

/** Types of comprehension-required attributes that turnctl does not know. */
export const unknownRequired = (message: Holder): number[] =>
  message.attributes
    .map(({ name }) => name)
    .filter(name => typeof name === 'number' && isComprehensionRequired(name)) as number[];

const afterIntegrity: readonly (AttributeName | number)[] = ['MESSAGE-INTEGRITY-SHA256', 'FINGERPRINT'];

/** What follows MESSAGE-INTEGRITY is not protected by it and must be ignored, but for two (RFC 8489 §14.5). */
function countedAttributes({ attributes }: Holder): readonly Attribute[] {
  const end = attributes.findIndex(
    ({ name }) => name === 'MESSAGE-INTEGRITY' || name === 'MESSAGE-INTEGRITY-SHA256',
  );
  if (end < 0) return attributes;
  return attributes.filter(({ name }, index) => index <= end || afterIntegrity.includes(name));
}
