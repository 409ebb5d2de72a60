import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Coturn, CoturnOptions } from '../support/coturn.ts';
import { newerCoturn, startCoturn } from '../support/coturn.ts';
import { run } from '../support/program.ts';
import { tryWith } from '../support/trials.ts';

const users = ['lt-cred-mech', 'user=alice:wonderland', 'realm=turn.test', 'mobility'];
const passed = { outcome: 'passed' };
const stream = { open: passed, bind: passed, outbound: passed, inbound: passed };

/** What coturn's own client says: its exit code, the share of packets it lost, and the first error it met. */
async function uclient({ ip, port }: Coturn, ...flags: string[]) {
  const account = ['-u', 'alice', '-w', 'wonderland', '-p', String(port)];
  const { exitCode, output } = await run('turnutils_uclient', [
    '-y',
    '-n',
    '2',
    '-m',
    '1',
    ...flags,
    ...account,
    ip,
  ]);
  const [, lost] = /Total lost packets \d+ \(([\d.]+)%/.exec(output) ?? [];
  const [, error] = /error (\d{3})/.exec(output) ?? [];
  return { exitCode, lostPercent: lost && Number(lost), error: error && Number(error) };
}

const versions: [version: NonNullable<CoturnOptions['version']>, there: boolean][] = [
  ['installed', true],
  ['newer', newerCoturn !== undefined],
];

for (const [version, there] of versions) {
  describe.skipIf(!there)(`turnutils_uclient and we on coturn, ${version}`, () => {
    let coturn: Coturn;
    beforeAll(async () => {
      coturn = await startCoturn({ lines: users, version });
    });
    afterAll(() => coturn.stop());

    // Without -s it binds channels up to 0x7FFE, which coturn from 4.16 on answers with 400.
    test('agree on what works, and on what does not', async () => {
      const [relay, tcp, mobile, ipv6] = await Promise.all([
        uclient(coturn, '-s'),
        uclient(coturn, '-t', '-T'),
        uclient(coturn, '-s', '-M'),
        uclient(coturn, '-x'),
      ]);
      expect([relay, tcp, mobile]).toMatchObject([
        { lostPercent: 0 },
        { lostPercent: 0 },
        { lostPercent: 0 },
      ]);
      expect(ipv6).toMatchObject({ error: 440 });
      const udp = await tryWith(coturn, ['relay-to-relay', 'relay-series', 'mobility', 'ipv6-relay']);
      expect(udp.found).toMatchObject({
        'relay-to-relay': { there: passed, back: passed },
        'relay-series': { sent: 25, received: 25 },
        mobility: { ticket: true, moved: 'granted' },
        'ipv6-relay': { refused: 440 },
      });
      const { found } = await tryWith(coturn, ['tcp-connect', 'tcp-passive'], { transports: ['tcp'] });
      expect(found).toMatchObject({ 'tcp-connect': stream, 'tcp-passive': stream });
    });
  });
}

test('where data is lost, only we end with more than 0', async () => {
  // Peers are told an address that nobody has.
  const coturn = await startCoturn({ lines: [...users, 'external-ip=127.0.0.9'] });
  try {
    const { exitCode, lostPercent } = await uclient(coturn);
    expect({ exitCode, lostPercent }).toEqual({ exitCode: 0, lostPercent: 100 });
    const { bad } = await tryWith(coturn, ['relay-to-relay']);
    expect(bad).toEqual(['relay-to-relay']);
  } finally {
    await coturn.stop();
  }
});
