import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { createNetwork, inNode, type LabNode, type Network, type RouterOptions } from '../lab/network.ts';
import { outside, turnctl } from '../lab/turnctl.ts';
import { type BareTurnserver, startTurnserver } from '../lab/turnserver.ts';
import { newerCoturn } from '../support/coturn.ts';

const available = labAvailable();

const INSIDE = '192.168.7.2';

/** How long the routers here keep a mapping, and how long the probe looks for that. */
const MAPPING_SECONDS = 3;
const LONG = '4';

type NatOf<K extends RouterOptions['nat']> = Omit<Extract<RouterOptions, { nat: K }>, 'outside' | 'inside'>;
type Nat = NatOf<'symmetric'> | NatOf<'port-preserving'>;

const preserving = (filtering: NatOf<'port-preserving'>['filtering']): Nat => ({
  nat: 'port-preserving',
  filtering,
  forwardTo: INSIDE,
});

interface Case {
  readonly name: string;
  readonly nat: Nat;
  readonly mapping: string;
  readonly filtering: string;
  readonly hairpinning: string;
  /** The mapping dies with the kernel's memory of it; a static one does not. */
  readonly expires: boolean;
  /** What turnutils_natdiscovery says of the same path. */
  readonly natdiscovery: readonly string[];
}

const endpointMapping = 'NAT with Endpoint Independent Mapping!';

const CASES: readonly Case[] = [
  {
    name: 'strict',
    nat: { nat: 'symmetric' },
    mapping: 'address-and-port-dependent',
    filtering: 'address-and-port-dependent',
    hairpinning: 'not-seen',
    expires: true,
    natdiscovery: [
      'NAT with Address and Port Dependent Mapping!',
      'NAT with Address and Port Dependent Filtering!',
    ],
  },
  {
    name: 'usual',
    nat: preserving('address-and-port-dependent'),
    mapping: 'endpoint-independent',
    filtering: 'address-and-port-dependent',
    hairpinning: 'not-seen',
    expires: true,
    natdiscovery: [endpointMapping, 'NAT with Address and Port Dependent Filtering!'],
  },
  {
    name: 'lenient',
    nat: preserving('address-dependent'),
    mapping: 'endpoint-independent',
    filtering: 'address-dependent',
    hairpinning: 'not-seen',
    expires: false,
    // It talks to the other address first, which opens a filter that goes by the address for the whole host.
    natdiscovery: [endpointMapping, 'NAT with Endpoint Independent Filtering!'],
  },
  {
    name: 'open',
    nat: preserving('endpoint-independent'),
    mapping: 'endpoint-independent',
    filtering: 'endpoint-independent',
    hairpinning: 'works',
    expires: false,
    natdiscovery: [endpointMapping, 'NAT with Endpoint Independent Filtering!'],
  },
];

const LINES = [
  'listening-ip=203.0.113.10',
  'listening-ip=203.0.113.11',
  'relay-ip=203.0.113.10',
  'min-port=49160',
  'max-port=49200',
  'realm=lab.test',
];

interface Nats {
  readonly exitCode: number;
  readonly seen: { readonly mapping: { kind: string; reason?: string } } & Record<string, unknown>;
}

describe.skipIf(available !== true)(`probe nat${available === true ? '' : ` (${available})`}`, () => {
  let network: Network;
  let server: LabNode;
  let coturn: BareTurnserver;
  const clients = new Map<string, LabNode>();

  beforeAll(async () => {
    network = createNetwork();
    server = network.node('srv', ['203.0.113.10/24', '203.0.113.11/24']);
    clients.set('none', network.node('out', ['203.0.113.30/24']));
    for (const [index, { name, nat }] of CASES.entries()) {
      const router = network.router(name, {
        ...nat,
        outside: `203.0.113.${50 + index}/24`,
        inside: '192.168.7.1/24',
      } as RouterOptions);
      for (const timeout of ['udp_timeout', 'udp_timeout_stream']) {
        inNode(router, ['sysctl', '-qw', `net.netfilter.nf_conntrack_${timeout}=${MAPPING_SECONDS}`]);
      }
      clients.set(name, router.node(`${name}-in`, [`${INSIDE}/24`]));
    }
    coturn = await startTurnserver(server, LINES);
  });
  afterAll(async () => {
    await coturn?.stop();
    network?.close();
  });

  const clientOf = (name: string): LabNode => {
    const client = clients.get(name);
    if (client === undefined) throw new Error(`no client ${name}`);
    return client;
  };

  async function probe(name: string, ...flags: string[]): Promise<Nats> {
    const argv = ['probe', 'nat', 'stun:203.0.113.10', '--json', ...flags];
    const { stdout, stderr, exitCode } = await turnctl(outside(clientOf(name)), argv);
    if (!stdout.startsWith('{')) throw new Error(`ended with ${exitCode}: ${stderr}`);
    const { observations } = JSON.parse(stdout);
    return { exitCode, seen: observations.find(({ probe }: { probe: string }) => probe === 'nat-behaviour') };
  }

  const natdiscovery = (name: string): string[] =>
    inNode(clientOf(name), ['timeout', '60', 'turnutils_natdiscovery', '-m', '-f', '203.0.113.10'])
      .split('\n')
      .filter(line => line.startsWith('NAT with'));

  for (const { name, mapping, filtering, hairpinning, expires, natdiscovery: theirs } of CASES) {
    test(`the ${name} router: ${mapping} mapping, ${filtering} filtering`, async () => {
      const { seen, exitCode } = await probe(name, '--long', LONG);
      expect(seen).toMatchObject({
        outcome: 'complete',
        otherAddress: { ip: '203.0.113.11', port: 3479 },
        mapping: { kind: mapping },
        filtering: { kind: filtering },
        hairpinning,
        lifetime: { kind: 'measured', method: 'response-port' },
      });
      expect(exitCode).toBe(0);
      const { aliveAfterSeconds, goneAfterSeconds } = seen.lifetime as Record<string, number | undefined>;
      if (expires) {
        // The kernel looks for dead mappings now and then; the answer to the question is never early.
        expect(aliveAfterSeconds).toBeLessThanOrEqual(MAPPING_SECONDS + 0.5);
        expect(goneAfterSeconds).toBeGreaterThan(MAPPING_SECONDS - 1);
      } else {
        expect([aliveAfterSeconds, goneAfterSeconds]).toEqual([Number(LONG), undefined]);
      }
      expect(natdiscovery(name)).toEqual(theirs);
    });
  }

  test('no router: nothing is translated, and everybody gets in', async () => {
    const { seen } = await probe('none');
    const open = { kind: 'endpoint-independent' };
    expect(seen).toMatchObject({ hairpinning: 'no-nat', mapping: open, filtering: open });
  });

  test('turnutils_stunclient is told the same address', async () => {
    const { seen } = await probe('open');
    const text = inNode(clientOf('open'), ['timeout', '30', 'turnutils_stunclient', '203.0.113.10']);
    const [, theirs] = /UDP reflexive addr: ([\d.]+):\d+/.exec(text) ?? [];
    expect((seen.mappedAddress as { ip: string }).ip).toBe(theirs);
  });

  test('a server whose other address is cut off proves nothing, whatever others read into it', async () => {
    const rule = ['-s', '203.0.113.11', '-p', 'udp', '-j', 'DROP'];
    inNode(clientOf('none'), ['iptables', '-A', 'INPUT', ...rule]);
    const { seen, exitCode } = await probe('none');
    const theirs = natdiscovery('none');
    inNode(clientOf('none'), ['iptables', '-D', 'INPUT', ...rule]);
    expect(seen).toMatchObject({
      mapping: { kind: 'inconclusive', reason: expect.stringContaining('203.0.113.11:3478') },
      filtering: { kind: 'inconclusive', reason: expect.stringContaining('cannot answer from there') },
    });
    expect(exitCode).toBe(3);
    // There is no NAT at all.
    expect(theirs).toEqual([endpointMapping, 'NAT with Address Dependent Filtering!']);
  });

  test.skipIf(!newerCoturn)('coturn 4.18.0 with rfc5780, and without it', async () => {
    await coturn.stop();
    coturn = await startTurnserver(server, LINES, newerCoturn);
    const off = await probe('usual');
    expect(off.seen.mapping).toMatchObject({
      kind: 'inconclusive',
      reason: expect.stringContaining('OTHER-ADDRESS'),
    });
    expect(off.exitCode).toBe(3);
    await coturn.stop();
    coturn = await startTurnserver(server, [...LINES, 'rfc5780'], newerCoturn);
    const on = await probe('usual');
    expect(on.seen).toMatchObject({
      mapping: { kind: 'endpoint-independent' },
      filtering: { kind: 'address-and-port-dependent' },
    });
    expect(on.exitCode).toBe(0);
  });
});
