import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { LogCauseId, LogSession } from '../../src/model/log-report.ts';
import { type Coturn, freePorts, newerCoturn, startCoturn } from '../support/coturn.ts';
import {
  allocateAs,
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

/** Enough to have the same session numbers after a start, whatever came in between. */
const CALLS = 5;

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
      for (const { what, user, client, relayed } of first.told.filter(({ user }) => user !== '')) {
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

    test('what was no TURN on the TLS port is told as that, by its address', () => {
      const { sessions } = readLog(first.log, 4096);
      const strange = first.told.filter(({ user }) => user === '');
      expect(strange.map(({ what }) => what)).toEqual(['http on the TLS port', 'certificate refused']);
      for (const { what, client } of strange) {
        const found = sessions.filter(session => session.client === client);
        expect(found, what).toMatchObject([{ user: null, outcome: 'tls-failed', relayed: [] }]);
      }
    });

    test('each error is counted once, and nothing else is', () => {
      const wanted: Record<string, number> = { 'tls-handshake': 2 };
      for (const { what } of first.told) for (const cause of CALLED[what] ?? []) wanted[cause] = 1;
      if (version === 'newer') delete wanted['stale-nonce'];
      const { challenge, ...causes } = readLog(first.log, 4096).causes;
      expect(causes).toEqual(wanted);
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

    test('without times in its lines, 4.6.1 cannot tell an expired credential from a wrongly signed one, and 4.18 can', async () => {
      const now = Math.floor(Date.now() / 1000);
      const { log } = await logOf({ lines: SECRET_LINES, deleted: [`${now + 3600}:carol`] }, server =>
        callWithSharedSecret(server, now),
      );
      const { challenge, ...causes } = readLog(log, 4096).causes;
      expect(causes).toEqual(
        version === 'newer' ? { expired: 1, 'wrong-secret': 1 } : { 'rejected-credential': 2 },
      );
    }, 30_000);

    test('a crash and a start in the same file: numbers begin anew, and no two sessions become one', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'turnctl-restart-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const path = join(folder, 'turn.log');
      const lines = [
        ...['realm=log.test', 'lt-cred-mech', 'user=alice:of-alice', 'user=bob:of-bob'],
        ...['relay-threads=1', 'simple-log', `log-file=${path}`],
      ];
      const count = (pattern: RegExp) => [...readFileSync(path, 'utf8').matchAll(pattern)].length;
      const logged = (pattern: RegExp) =>
        vi.waitFor(() => expect(count(pattern)).toBe(CALLS), { timeout: 20_000, interval: 20 });
      const calls = async (server: Coturn, user: string, then: 'keep' | 'give back', pattern: RegExp) => {
        const told: Told[] = [];
        try {
          for (let i = 0; i < CALLS; i += 1) told.push(await allocateAs(server, user, then));
          await logged(pattern);
        } finally {
          await server.stop();
        }
        return told;
      };
      const lost = await calls(
        await startCoturn({ version, lines }),
        'alice',
        'keep',
        /new, realm=<log.test>, username=<alice>/g,
      );
      const given = await calls(
        await startCoturn({ version, lines }),
        'bob',
        'give back',
        /closed \(2nd stage\), user <bob> .*reason: ./g,
      );
      const { sessions } = readLog(readFileSync(path, 'utf8'), 4096);
      const of = (user: string) => sessions.filter(session => session.user === user);
      const relayed = (told: readonly Told[]) => told.map(({ relayed }) => relayed).sort();
      expect(
        of('alice')
          .map(({ relayed: [address] }) => address)
          .sort(),
      ).toEqual(relayed(lost));
      expect(
        of('bob')
          .map(({ relayed: [address] }) => address)
          .sort(),
      ).toEqual(relayed(given));
      expect(new Set(of('alice').map(({ ending, run, client }) => `${ending} ${run} ${client}`))).toEqual(
        new Set(['restart 1 null']),
      );
      expect(new Set(of('bob').map(({ ending, run }) => `${ending} ${run}`))).toEqual(new Set(['deleted 2']));
      expect(
        of('bob')
          .map(({ client }) => client)
          .sort(),
      ).toEqual(given.map(({ client }) => client).sort());
      // What the test is about: a number that both of them had.
      const numbers = new Set(of('alice').map(({ id }) => id));
      expect(of('bob').some(({ id }) => numbers.has(id))).toBe(true);
    }, 60_000);

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
