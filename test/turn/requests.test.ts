import { describe, expect, test } from 'vitest';
import type { Attribute } from '../../src/stun/attributes.ts';
import {
  type AllocateOptions,
  allocate,
  channelBind,
  connect,
  connectionBind,
  createPermission,
  readGranted,
  refresh,
} from '../../src/turn/requests.ts';

const peer = { ip: '192.0.2.1', port: 7 };

describe('Allocate', () => {
  const token = new Uint8Array(8);
  const cases: readonly (readonly [AllocateOptions, Attribute])[] = [
    [{}, { name: 'REQUESTED-TRANSPORT', value: 17 }],
    [{ requestedTransport: 'tcp' }, { name: 'REQUESTED-TRANSPORT', value: 6 }],
    [{ requestedTransport: 132 }, { name: 'REQUESTED-TRANSPORT', value: 132 }],
    [{ lifetimeSeconds: 0 }, { name: 'LIFETIME', value: 0 }],
    [{ family: 'ipv6' }, { name: 'REQUESTED-ADDRESS-FAMILY', value: 'ipv6' }],
    [{ additionalFamily: 'ipv6' }, { name: 'ADDITIONAL-ADDRESS-FAMILY', value: 'ipv6' }],
    [{ evenPort: { reserveNext: true } }, { name: 'EVEN-PORT', value: { reserveNext: true } }],
    [{ reservationToken: token }, { name: 'RESERVATION-TOKEN', value: token }],
    [{ dontFragment: true }, { name: 'DONT-FRAGMENT', value: true }],
    [{ mobility: true }, { name: 'MOBILITY-TICKET', value: new Uint8Array(0) }],
  ];
  test.each(cases)('%j', (options, expected) => {
    expect(allocate(options).attributes).toContainEqual(expected);
  });
});

test('the other requests', () => {
  const XOR_PEER = { name: 'XOR-PEER-ADDRESS', value: peer };
  expect(createPermission([peer, peer]).attributes).toEqual([XOR_PEER, XOR_PEER]);
  expect(channelBind(0x4000, peer).attributes).toEqual([{ name: 'CHANNEL-NUMBER', value: 0x4000 }, XOR_PEER]);
  expect(connect(peer).attributes).toEqual([XOR_PEER]);
  expect(connectionBind(9).attributes).toEqual([{ name: 'CONNECTION-ID', value: 9 }]);
  expect(refresh(0, Uint8Array.of(1)).attributes).toHaveLength(2);
});

describe('what a success response grants', () => {
  const attributes: readonly Attribute[] = [
    { name: 'XOR-RELAYED-ADDRESS', value: peer },
    { name: 'XOR-RELAYED-ADDRESS', value: { ip: '2001:db8::1', port: 8 } },
    { name: 'XOR-MAPPED-ADDRESS', value: peer },
    { name: 'LIFETIME', value: 600 },
    { name: 'RESERVATION-TOKEN', value: new Uint8Array(8) },
    { name: 'ADDRESS-ERROR-CODE', value: { family: 'ipv6', code: 440, reason: '' } },
  ];
  const response = {
    class: 'success',
    method: 'allocate',
    transactionId: new Uint8Array(12),
    attributes,
  } as const;

  test('everything', () => {
    expect(readGranted(response)).toEqual({
      relayedAddresses: [peer, { ip: '2001:db8::1', port: 8 }],
      addressErrors: [{ family: 'ipv6', code: 440, reason: '' }],
      mappedAddress: peer,
      lifetimeSeconds: 600,
      reservationToken: new Uint8Array(8),
    });
  });

  test.each(['XOR-RELAYED-ADDRESS', 'XOR-MAPPED-ADDRESS', 'LIFETIME'])('%s is missing', name => {
    const lacking = { ...response, attributes: attributes.filter(attribute => attribute.name !== name) };
    expect(readGranted(lacking)).toEqual({ malformed: `the Allocate success response has no ${name}` });
  });
});
