import { beforeAll, describe, expect, test } from 'vitest';
import type { LogCauseId, LogSession } from '../../src/model/log-report.ts';
import { type Coturn, freePorts, newerCoturn, startCoturn } from '../support/coturn.ts';
import {
  callEveryWay,
  callWithSharedSecret,
  exhaustPorts,
  SCENARIO_LINES,
  SECRET_LINES,
  type Told,
} from '../support/log-scenario.ts';
import { readLog } from '../support/read-log.ts';

const versions = [
  { version: 'installed' as const, there: true },
  { version: 'newer' as const, there: newerCoturn !== undefined },
];

/** What each error that the client got is called. */
const CALLED: Readonly<Record<string, readonly LogCauseId[]>> = {
  'wrong password': ['wrong-password'],
  'unknown user': ['unknown-user'],
  'denied peer': ['peer-denied'],
  'twice on one 5-tuple': ['allocation-mismatch'],
  'no allocation': ['allocation-gone'],
  'wrong nonce': ['stale-nonce'],
  'another user': ['other-credentials'],
  'tcp relay': ['transport-refused'],
  'quota 3': ['quota'],
};

for (const { version, there } of versions) {
  describe.skipIf(!there)(`coturn, ${version}`, () => {
    /** What it logged, after it has said how each deleted allocation ended. */
    async function logOf(
      options: { lines: readonly string[]; deleted: readonly string[] },
      run: (server: Coturn) => Promise<readonly Told[]>,
    ): Promise<{ log: string; told: readonly Told[] }> {
      const server = await startCoturn({ version, lines: options.lines });
      try {
        const told = await run(server);
        for (const user of options.deleted)
          await server.logged(new RegExp(`closed \\(2nd stage\\), user <${user}> .*reason: .`));
        return { log: server.log(), told };
      } finally {
        await server.stop();
      }
    }

    const named = (sessions: readonly LogSession[]) =>
      sessions.map(session => ({
        session,
        causes: session.errors.map(({ cause }) => cause).filter(cause => cause !== 'challenge'),
      }));

    let first: { log: string; told: readonly Told[] };
    let second: { log: string; told: readonly Told[] };
    beforeAll(async () => {
      const options = { lines: SCENARIO_LINES, deleted: ['alice', 'carol', 'dan', 'erin', 'frank', 'grace'] };
      first = await logOf(options, callEveryWay);
      second = await logOf(options, callEveryWay);
    }, 60_000);

    test('each conversation is one session, with its relayed address, its client and its error', () => {
      const { sessions } = readLog(first.log, 4096);
      const all = named(sessions);
      for (const { what, user, client, relayed } of first.told) {
        // Up to 4.18 the address of a client is told when its session ends, and a nonce of 4.18 is judged before there is one.
        const wanted = version === 'newer' && what === 'wrong nonce' ? [] : (CALLED[what] ?? []);
        const found = all.filter(
          ({ session, causes }) =>
            session.user === user &&
            (relayed === null || session.relayed.includes(relayed)) &&
            (session.client === null || session.client === client) &&
            causes.join() === wanted.join() &&
            (session.outcome === 'refused' || session.outcome === 'nothing') === (relayed === null),
        );
        expect(found, `${what}\n${JSON.stringify(sessions, null, 1)}`).toHaveLength(1);
      }
    });

    test('good calls: transport, peer, bytes, and that the client gave them back', () => {
      const { sessions } = readLog(first.log, 4096);
      for (const { what, client } of first.told.filter(({ what }) => what.startsWith('good'))) {
        expect(
          sessions.find(session => session.client === client),
          what,
        ).toMatchObject({
          transport: what.replace('good ', ''),
          peers: ['127.0.0.1'],
          fromPeers: { sentPackets: 1, sentBytes: 5 },
          outcome: 'one-way',
          ending: 'deleted',
        });
      }
    });

    test('counts are what the client met, and a restart in between loses none', () => {
      const once = readLog(first.log, 4096);
      const twice = readLog(first.log + second.log, 4096);
      for (const [cause, count] of Object.entries(once.causes)) {
        if (cause === 'challenge') continue;
        expect(twice.causes[cause as LogCauseId], cause).toBe(2 * count);
      }
      expect(twice.reader.general.starts).toBe(2);
      // Two allocations of greedy were never given back.
      const lost = twice.sessions.filter(({ ending, user }) => ending === 'restart' && user === 'greedy');
      expect(lost.filter(({ relayed }) => relayed.length === 1)).toHaveLength(2);
      expect(twice.sessions.filter(({ run }) => run === 2).length).toBe(once.sessions.length);
      const challenges = first.told.reduce(
        (sum, { codes }) => sum + codes.filter((code, i) => code === 401 && i === 0).length,
        0,
      );
      // From 4.17 on a challenge over UDP has no session, and leaves no line.
      if (version === 'installed') expect(once.causes.challenge).toBeGreaterThanOrEqual(challenges);
    });

    test('a shared secret: expired and wrongly signed credentials are told apart where times allow it', async () => {
      const now = Math.floor(Date.now() / 1000);
      const { log } = await logOf(
        { lines: [...SECRET_LINES, 'new-log-timestamp'], deleted: [`${now + 3600}:carol`] },
        server => callWithSharedSecret(server, now),
      );
      const { causes, sessions } = readLog(log, 4096);
      expect(causes).toMatchObject({ expired: 1, 'wrong-secret': 1 });
      const of = (user: string) =>
        sessions.find(session => session.user === user)?.errors.map(({ cause }) => cause);
      expect(of(`${now - 3600}:carol`)).toContain('expired');
      expect(of(`${now + 3600}:dave`)).toContain('wrong-secret');
    }, 30_000);

    test('508 when the ports are used up', async () => {
      const from = await freePorts(2);
      const lines = [
        'realm=log.test',
        'lt-cred-mech',
        'user=bob:of-bob',
        `min-port=${from}`,
        `max-port=${from + 1}`,
      ];
      const { log, told } = await logOf({ lines, deleted: [] }, async server => {
        const seen = await exhaustPorts(server, 2);
        // The answer is out before the line.
        await server.logged(/error 508/);
        return seen;
      });
      expect(told.at(-1)?.codes).toEqual([401, 508]);
      expect(readLog(log, 4096).causes['no-relay-port']).toBe(1);
    }, 30_000);
  });
}
