import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { relayRange } from '../../src/config/effective.ts';
import { deniedPeers, isPeerDenied } from '../../src/config/peer-policy.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { type Settings, settingsOf } from '../../src/config/settings.ts';
import { startFailures } from '../../src/config/start-failure.ts';
import { isAtLeast } from '../../src/config/versions.ts';
import { externalIps, plainExternalIp } from '../../src/rules/external-ip.ts';
import { attribute } from '../../src/stun/attributes.ts';
import { allocate, createPermission } from '../../src/turn/requests.ts';
import { bitsOf, type Family, formatIp, type Ip, parseIp } from '../../src/util/ip.ts';
import { newerCoturn, startCoturn } from '../support/coturn.ts';
import { openTurnClient } from '../support/turn-client.ts';
import { randomSource } from './random-config.ts';
import { randomRelayConfig } from './random-relay-config.ts';
import { installed, newer } from './turnserver.ts';

const FILES = Number(process.env.TURNCTL_DIFFERENTIAL_WIRE_FILES ?? 6);
const FIRST_SEED = Number(process.env.TURNCTL_DIFFERENTIAL_SEED ?? 1);

const ALWAYS = [
  'lt-cred-mech',
  'user=alice:wonderland',
  'realm=turn.test',
  'relay-ip=127.0.0.1',
  'relay-ip=::1',
];
const credential = { username: 'alice', password: 'wonderland' };
const RELAY = { ipv4: '127.0.0.1', ipv6: '::1' } as const;

/** One of each kind, and what hides an IPv4 address in an IPv6 one. */
const KINDS = [
  '8.8.8.8',
  '0.0.0.1',
  '127.0.0.2',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '192.0.2.9',
  '203.0.113.2',
  '203.0.113.3',
  '239.0.0.1',
]
  .concat(['250.0.0.1', '255.255.255.255', '2001:db8::5', '::2', 'fd00::1', 'fe80::1', 'fec0::1', 'ff02::1'])
  .concat([
    '::ffff:8.8.8.8',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:a00:1::1',
    '::10.0.0.1',
  ]);

/** Peers to ask about: one of each kind, and both sides of every border that we say there is. */
function sampledPeers(settings: Settings): Ip[] {
  const borders = deniedPeers(settings).flatMap(({ family, from, to }) =>
    [from - 1n, from, to, to + 1n]
      .filter(value => value >= 0n && value < 1n << BigInt(bitsOf(family)))
      .map(value => ({ family, value })),
  );
  const all = [...KINDS.map(text => parseIp(text)!), ...borders];
  return [...new Map(all.map(ip => [formatIp(ip), ip])).values()];
}

/**
 * The relayed address a client is told: the plain external-ip, up to 4.17 in place of addresses of the other family too,
 * else the public half of its pair, else its own.
 */
function announcedAddress(settings: Settings, relayIp: string): string {
  const relay = parseIp(relayIp)!;
  const plain = plainExternalIp(settings)?.publicIp;
  const perFamily = isAtLeast(settings.version, '4.18.0');
  if (plain && (plain.family === relay.family || !perFamily)) return formatIp(plain);
  const pair = externalIps(settings).find(
    ({ valid, privateIp }) => valid && privateIp?.family === relay.family && privateIp.value === relay.value,
  );
  return formatIp(pair?.publicIp ?? relay);
}

interface Reading {
  /** The address alone: of the port only the range can be told. */
  readonly relayed: Readonly<Record<Family, string>>;
  readonly denied: readonly string[];
}

function ourReading(settings: Settings, peers: readonly Ip[]): Reading {
  return {
    relayed: { ipv4: announcedAddress(settings, RELAY.ipv4), ipv6: announcedAddress(settings, RELAY.ipv6) },
    denied: peers.filter(peer => isPeerDenied(settings, peer)).map(formatIp),
  };
}

/** Asks the server: CreatePermission only, so that nothing is ever sent to a peer. */
async function theirReading(port: number, settings: Settings, peers: readonly Ip[]): Promise<Reading> {
  const relayed: Record<Family, string> = { ipv4: '', ipv6: '' };
  const denied: string[] = [];
  for (const family of ['ipv4', 'ipv6'] as const) {
    const client = await openTurnClient('udp', { ip: '127.0.0.1', port }, { credential });
    try {
      const allocated = await client.ask(allocate({ family }));
      const at =
        allocated.kind === 'succeeded' ? attribute(allocated.response, 'XOR-RELAYED-ADDRESS') : undefined;
      relayed[family] =
        at?.ip ?? (allocated.kind === 'failed' ? String(allocated.error.code) : allocated.kind);
      const { min, max } = relayRange(settings);
      if (at !== undefined)
        expect(at.port >= min && at.port <= max, `${at.port} in ${min}-${max}`).toBe(true);
      for (const peer of peers.filter(ip => ip.family === family)) {
        const ip = formatIp(peer);
        const answer = await client.ask(createPermission([{ ip, port: 9 }]));
        if (answer.kind === 'failed' && answer.error.code === 403) denied.push(ip);
        else expect(answer.kind, `${ip}: ${JSON.stringify(answer)}`).toBe('succeeded');
      }
    } finally {
      client.close();
    }
  }
  const order = peers.map(formatIp);
  return { relayed, denied: denied.sort((a, b) => order.indexOf(a) - order.indexOf(b)) };
}

describe.each([
  ['installed', installed],
  ['newer', newer],
] as const)('relayed addresses and peers, as the %s coturn answers on the wire', (which, turnserver) => {
  test(`${FILES} files from seed ${FIRST_SEED}`, { timeout: 30_000 + FILES * 5_000 }, async context => {
    if (which === 'newer' && !newerCoturn) context.skip('TURNCTL_COTURN_NEWER names no turnserver');
    const { version } = turnserver!;
    const disagreements: unknown[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + FILES; seed++) {
      const lines = randomRelayConfig(randomSource(seed));
      const settingsFor = (bytes: Uint8Array) =>
        settingsOf(
          readConfig(bytes, { path: 'turnserver.conf', foundBy: 'asked', version }),
          version,
          'debian',
        );
      // Over some values newer releases exit: that is the business of the other differential test.
      if (startFailures(settingsFor(Buffer.from(lines.join('\n')))).length > 0) continue;
      const coturn = await startCoturn({ lines: [...ALWAYS, ...lines], version: which });
      try {
        const settings = settingsFor(readFileSync(coturn.configPath));
        const peers = sampledPeers(settings);
        const [ours, theirs] = [
          ourReading(settings, peers),
          await theirReading(coturn.port, settings, peers),
        ];
        if (JSON.stringify(ours) !== JSON.stringify(theirs))
          disagreements.push({ seed, lines, ours, theirs });
      } finally {
        await coturn.stop();
      }
    }
    expect(disagreements).toEqual([]);
  });
});
