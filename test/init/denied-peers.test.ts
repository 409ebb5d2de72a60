import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { innerPeersToDeny } from '../../src/init/denied-peers.ts';
import { allocate, createPermission } from '../../src/turn/requests.ts';
import { type Coturn, newerCoturn, startCoturn } from '../support/coturn.ts';
import { openTurnClient } from '../support/turn-client.ts';

const credential = { username: 'alice', password: 'wonderland' };
const PUBLIC = { ipv4: ['8.8.8.8', '1.1.1.1', '203.0.113.9'], ipv6: ['2001:4860::8', '2600::1', '2a00::1'] };
const INNER = {
  ipv4: ['0.0.0.1', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '192.168.1.1', '198.18.0.1'],
  ipv6: ['::', '::1', '::ffff:127.0.0.1', '::ffff:10.1.2.3', '64:ff9b::10.1.2.3'].concat([
    '64:ff9b:1::1',
    '2002:a01:203::1',
    'fd00::1',
    'fe80::1',
    'fec0::1',
  ]),
};

/** The peers of a list that get 403 from the real server. */
async function denied(coturn: Coturn, family: 'ipv4' | 'ipv6', peers: readonly string[]): Promise<string[]> {
  const client = await openTurnClient('udp', { ip: coturn.ip, port: coturn.port }, { credential });
  try {
    await client.ask(allocate({ family }));
    const refused: string[] = [];
    for (const ip of peers) {
      const answer = await client.ask(createPermission([{ ip, port: 9 }]));
      if (answer.kind === 'failed' && answer.error.code === 403) refused.push(ip);
      else expect(answer.kind, ip).toBe('succeeded');
    }
    return refused;
  } finally {
    client.close();
  }
}

describe.each([
  { version: 'installed', release: '4.6.1' },
  { version: 'newer', release: '4.18.0' },
] as const)('what the $version coturn denies by the lines of init', ({ version, release }) => {
  describe.skipIf(version === 'newer' && !newerCoturn)('asked over the wire', () => {
    let coturn: Coturn;
    beforeAll(async () => {
      coturn = await startCoturn({
        version,
        lines: [
          'lt-cred-mech',
          'user=alice:wonderland',
          'realm=turn.test',
          'relay-ip=127.0.0.1',
          'relay-ip=::1',
          // The lab's own line lets loopback through, and the last value counts.
          'allow-loopback-peers=0',
          ...innerPeersToDeny(release).map(range => `denied-peer-ip=${range}`),
        ],
      });
    });
    afterAll(() => coturn?.stop());

    test.each(['ipv4', 'ipv6'] as const)('%s', async family => {
      expect(await denied(coturn, family, PUBLIC[family])).toEqual([]);
      expect(await denied(coturn, family, INNER[family])).toEqual(INNER[family]);
    });
  });
});
