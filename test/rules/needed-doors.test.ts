import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsOf } from '../../src/config/settings.ts';
import type { InterfaceAddress, SocketFact } from '../../src/model/facts.ts';
import { neededDoors } from '../../src/rules/needed-doors.ts';

const address = (ip: string, scope: InterfaceAddress['scope'] = 'global'): InterfaceAddress => ({
  interface: 'eth0',
  ip,
  prefixLength: 24,
  scope,
});

const BOTH = [address('203.0.113.10'), address('2001:db8::10'), address('fe80::1', 'link')];
const TLS = ['cert=/etc/turn.pem', 'pkey=/etc/turn.key'];

interface Given {
  readonly version?: string;
  readonly addresses?: readonly InterfaceAddress[];
  readonly sockets?: readonly SocketFact[];
  readonly tcpRelay?: boolean;
}

/** `udp 3478/udp 4+6`: use, ports and families. */
function doors(lines: readonly string[], given: Given = {}): string[] {
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const config = readConfig(bytes, { path: '/etc/turnserver.conf', foundBy: 'asked' });
  const { version = '4.6.1', addresses = BOTH, sockets, tcpRelay = false } = given;
  return neededDoors(settingsOf(config, version), { addresses, sockets, tcpRelay }).map(
    ({ use, from, to, protocol, families }) =>
      `${use} ${from === to ? from : `${from}-${to}`}/${protocol} ${families.map(it => it.at(-1)).join('+')}`,
  );
}

const RELAY = 'relay 49152-65535/udp 4+6';

const cases: readonly { name: string; lines: readonly string[]; given?: Given; needed: readonly string[] }[] =
  [
    {
      name: 'defaults on a host with both families',
      lines: [],
      needed: ['udp 3478/udp 4+6', 'tcp 3478/tcp 4+6', RELAY],
    },
    {
      name: 'TLS and DTLS with a certificate, on their own port',
      lines: [...TLS, 'tls-listening-port=443'],
      needed: ['udp 3478/udp 4+6', 'tcp 3478/tcp 4+6', 'tls 443/tcp 4+6', 'dtls 443/udp 4+6', RELAY],
    },
    {
      name: 'no DTLS from 4.17.0 on, unless it is asked for',
      lines: TLS,
      given: { version: '4.18.0' },
      needed: ['udp 3478/udp 4+6', 'tcp 3478/tcp 4+6', 'tls 5349/tcp 4+6', RELAY],
    },
    {
      name: 'one port for plain and TLS clients is named once',
      lines: [...TLS, 'listening-port=443', 'tls-listening-port=443'],
      needed: ['udp 443/udp 4+6', 'tcp 443/tcp 4+6', RELAY],
    },
    {
      name: 'listeners of one family, a relay of the other',
      lines: ['listening-ip=203.0.113.10', 'relay-ip=2001:db8::10'],
      needed: ['udp 3478/udp 4', 'tcp 3478/tcp 4', 'relay 49152-65535/udp 6'],
    },
    { name: 'nothing from outside', lines: ['listening-ip=127.0.0.1', 'no-udp-relay'], needed: [] },
    {
      name: 'what is switched off',
      lines: ['no-udp', 'no-tcp', 'no-tls', 'no-dtls', ...TLS, 'min-port=50000', 'max-port=50100'],
      needed: ['relay 50000-50100/udp 4+6'],
    },
    {
      name: 'an inverted range and a port of the kernel’s choice have no doors',
      lines: ['min-port=60000', 'max-port=50000', 'listening-port=0', 'no-tcp'],
      needed: [],
    },
    {
      name: 'never the administration, Prometheus or the port behind a balancer',
      lines: ['web-admin', 'web-admin-port=8080', 'prometheus', 'cli-password=x', 'tcp-proxy-port=3480'],
      needed: ['udp 3478/udp 4+6', RELAY],
    },
    {
      name: 'RFC 6062 only when it is asked for',
      lines: ['no-udp-relay'],
      given: { tcpRelay: true },
      needed: ['udp 3478/udp 4+6', 'tcp 3478/tcp 4+6', 'tcp-relay 49152-65535/tcp 4+6'],
    },
    {
      name: 'and not where coturn refuses it',
      lines: ['no-udp-relay', 'no-tcp-relay'],
      given: { tcpRelay: true },
      needed: ['udp 3478/udp 4+6', 'tcp 3478/tcp 4+6'],
    },
    {
      name: 'alternate ports with two addresses of a family',
      lines: ['no-udp-relay', 'listening-ip=203.0.113.10', 'listening-ip=203.0.113.11'],
      needed: ['udp 3478/udp 4', 'tcp 3478/tcp 4', 'alternate 3479/udp 4', 'alternate 3479/tcp 4'],
    },
    {
      name: 'no alternate ports where the running server has opened none',
      lines: ['no-udp-relay', 'listening-ip=203.0.113.10', 'listening-ip=203.0.113.11'],
      given: {
        sockets: [{ protocol: 'udp', ip: '203.0.113.10', port: 3478, pid: 1, program: 'turnserver' }],
      },
      needed: ['udp 3478/udp 4', 'tcp 3478/tcp 4'],
    },
    {
      name: 'an auxiliary server',
      lines: ['no-udp-relay', 'aux-server=[2001:db8::10]:80', 'aux-server=127.0.0.1:81'],
      needed: ['udp 3478/udp 4+6', 'tcp 3478/tcp 4+6', 'auxiliary 80/udp 6', 'auxiliary 80/tcp 6'],
    },
  ];

describe('needed doors', () => {
  test.each(cases)('$name', ({ lines, given, needed }) => {
    expect(doors(lines, given)).toEqual(needed);
  });
});
