import { viewOf } from '../stun/bytes.ts';

/** EtherTypes and what else stands in their place. */
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = new Set([0x8100, 0x88a8, 0x9100]);

/** Offset of the type and of the payload, in captures of `any` interface (LINKTYPE_LINUX_SLL, _SLL2). */
const COOKED: { readonly [linkType: number]: readonly [typeAt: number, payloadAt: number] } = {
  113: [14, 16],
  276: [0, 20],
};

/** LINKTYPE_NULL (address family of the host before the packet) and LINKTYPE_LOOP. */
const LOOPBACK = new Set([0, 108]);
/** LINKTYPE_RAW, its two older numbers, LINKTYPE_IPV4 and LINKTYPE_IPV6. */
const RAW = new Set([101, 12, 14, 228, 229]);
const ETHERNET = 1;

/** Whether packets of this link type can be read. */
export const isKnownLinkType = (linkType: number): boolean =>
  linkType === ETHERNET || LOOPBACK.has(linkType) || RAW.has(linkType) || linkType in COOKED;

/** The IP packet in a frame; undefined for another protocol, or a frame that is cut off. */
export function ipPacketIn(frame: Uint8Array, linkType: number): Uint8Array | undefined {
  if (RAW.has(linkType)) return frame;
  if (LOOPBACK.has(linkType)) return frame.length > 4 ? frame.subarray(4) : undefined;
  const [typeAt, payloadAt] = linkType === ETHERNET ? [12, 14] : (COOKED[linkType] ?? [0, 0]);
  return payloadAt === 0 ? undefined : behindTags(frame, typeAt, payloadAt);
}

function behindTags(frame: Uint8Array, typeAt: number, payloadAt: number): Uint8Array | undefined {
  const view = viewOf(frame);
  let at = typeAt;
  let payload = payloadAt;
  while (at + 2 <= frame.length && VLAN.has(view.getUint16(at))) {
    at = payload + 2;
    payload += 4;
  }
  if (at + 2 > frame.length || payload > frame.length) return undefined;
  const type = view.getUint16(at);
  return type === IPV4 || type === IPV6 ? frame.subarray(payload) : undefined;
}
