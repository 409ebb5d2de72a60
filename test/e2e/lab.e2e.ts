import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { type NewerCoturn, newerCoturn } from '../lab/coturn-newer.ts';
import { type LabHost, startHost } from '../lab/host.ts';
import { createNetwork, inNode, type LabNode, type Network } from '../lab/network.ts';

const available = labAvailable();
// Bits of CapBnd (capability.h): CAP_SYS_MODULE, CAP_SYS_RAWIO, CAP_SYS_BOOT, CAP_SYS_TIME.
const MACHINE_KEYS = (1n << 16n) | (1n << 17n) | (1n << 22n) | (1n << 25n);

describe.skipIf(available !== true)(`a lab host${available === true ? '' : ` (${available})`}`, () => {
  let network: Network;
  let out: LabNode;
  let host: LabHost;

  beforeAll(async () => {
    network = createNetwork();
    out = network.node('out', ['203.0.113.30/24', '2001:db8::30/64']);
    host = await startHost(network.node('srv', ['203.0.113.10/24', '2001:db8::10/64']));
  });
  afterAll(async () => {
    await host?.stop();
    network?.close();
  });

  // Looked up, not tried: a host that did hold one of these would change the machine it runs on.
  test.each(['1', 'self'])(
    'process %s has no key to the clock and the kernel of the machine',
    async process => {
      const status = await host.must(['cat', `/proc/${process}/status`]);
      const held = BigInt(`0x${status.match(/^CapBnd:\s*([0-9a-f]+)/m)![1]}`);
      expect(held & MACHINE_KEYS).toBe(0n);
    },
  );

  test('only the network part of its sysctls can be written', async () => {
    const mounts = await host.must(['cat', '/proc/mounts']);
    expect(mounts).toMatch(/^\S+ \/proc\/sys proc ro,/m);
    expect(mounts).toMatch(/^\S+ \/proc\/sys\/net proc rw,/m);
  });

  test("runs coturn's own unit, and nothing else that this machine has enabled", async () => {
    expect(await host.must(['systemctl', 'is-active', 'coturn'])).toBe('active\n');
    const { stdout } = await host.exec(['systemctl', 'is-active', 'ufw', 'firewalld', 'ssh']);
    expect(stdout).toBe('inactive\ninactive\ninactive\n');
    expect(await host.must(['hostname'])).toBe('srv\n');
  });

  test('keeps what is written to itself', async () => {
    host.writeFile('/etc/turnctl-lab', 'here');
    expect(await host.must(['cat', '/etc/turnctl-lab'])).toBe('here');
    expect(() => inNode(out, ['cat', '/etc/turnctl-lab'])).toThrow();
  });

  test.each(['203.0.113.10', '2001:db8::10'])('is reached at %s from another machine', ip => {
    expect(inNode(out, ['ping', '-c1', '-W1', ip])).toContain('1 received');
  });
});

describe.skipIf(available !== true)('a lab network', () => {
  let network: Network;
  let out: LabNode;
  beforeAll(() => {
    network = createNetwork();
    out = network.node('out', ['203.0.113.30/24']);
  });
  afterAll(() => network.close());

  test('a symmetric NAT lets a client out and nobody in', () => {
    const home = { nat: 'symmetric', outside: '203.0.113.21/24', inside: '192.168.1.1/24' } as const;
    const client = network.router('natA', home).node('cliA', ['192.168.1.2/24']);
    inNode(out, ['ip', 'route', 'add', '192.168.1.0/24', 'via', '203.0.113.21']);
    expect(inNode(client, ['ping', '-c1', '-W1', '203.0.113.30'])).toContain('1 received');
    expect(() => inNode(out, ['ping', '-c1', '-W1', '192.168.1.2'])).toThrow();
  });

  test('a one-to-one NAT leads to the machine behind it', () => {
    const cloud = { nat: 'one-to-one', outside: '203.0.113.22/24', inside: '10.0.0.1/24' } as const;
    const server = network.router('edge', { ...cloud, forwardTo: '10.0.0.10' }).node('vm', ['10.0.0.10/24']);
    expect(inNode(out, ['ping', '-c1', '-W1', '203.0.113.22'])).toContain('1 received');
    expect(inNode(server, ['ping', '-c1', '-W1', '203.0.113.30'])).toContain('1 received');
  });
});

const newer = available === true ? newerCoturn() : available;

describe.skipIf(typeof newer === 'string')(
  `a newer coturn${typeof newer === 'string' ? ` (${newer})` : ''}`,
  () => {
    let network: Network;
    let host: LabHost;
    beforeAll(async () => {
      network = createNetwork();
      const { root } = newer as NewerCoturn;
      host = await startHost(network.node('srv', ['203.0.113.10/24']), { layer: root });
    });
    afterAll(async () => {
      await host?.stop();
      network?.close();
    });

    test('is the one that the unit of the host runs', async () => {
      const version = await host.must(['turnserver', '--version']);
      expect(version).not.toContain('4.6.1');
      expect(await host.must(['systemctl', 'is-active', 'coturn'])).toBe('active\n');
      const pid = (await host.must(['systemctl', 'show', '-p', 'MainPID', '--value', 'coturn'])).trim();
      expect(await host.must(['readlink', `/proc/${pid}/exe`])).toBe('/usr/bin/turnserver\n');
    });
  },
);
