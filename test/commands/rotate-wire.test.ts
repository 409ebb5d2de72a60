import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askAsBefore, untilTaken, type Wire } from '../../src/commands/credentials/rotate-wire.ts';
import { type Coturn, newerCoturn, startCoturn } from '../support/coturn.ts';
import { fakeIo } from '../support/fake-io.ts';

const [OLD, NEW, STRANGE] = ['north-and-south', 'east-and-west', 'up-and-down'];

for (const version of ['installed', 'newer'] as const) {
  describe.skipIf(version === 'newer' && newerCoturn === undefined)(`coturn, ${version}`, () => {
    let coturn: Coturn;
    let wire: Wire;
    beforeAll(async () => {
      const lines = ['realm=turn.test', 'use-auth-secret'];
      const secrets = [`static-auth-secret=${NEW}`, `static-auth-secret=${OLD}`];
      coturn = await startCoturn({ version, lines: [...lines, ...secrets] });
      const { ip, port } = coturn;
      wire = {
        targets: [{ scheme: 'turn', host: ip, port, transport: 'udp' }],
        timeoutMs: 5000,
        io: fakeIo(),
      };
    });
    afterAll(() => coturn?.stop());

    const cases: [what: string, accepted: string[], refused: string[], expected: RegExp | null][] = [
      ['both are taken', [NEW, OLD], [STRANGE], null],
      ['the new one is not taken', [STRANGE, OLD], [], /^with the secret to sign with coturn does not/],
      ['the old one is not taken', [NEW, STRANGE], [], /^with an old secret coturn does not/],
      ['the old one is not refused', [NEW], [OLD], /^coturn does not refuse/],
    ];
    for (const [what, accepted, refused, expected] of cases) {
      test.concurrent(what, async ({ expect }) => {
        const before = await askAsBefore(wire, [OLD], false);
        const problem = await untilTaken(wire, { accepted, refused }, before, true);
        if (expected === null) expect(problem).toBeNull();
        else expect(problem).toMatch(expected);
      });
    }

    test('before the first half one of the secrets must be taken, before the second the one that stays', async () => {
      await expect(askAsBefore(wire, [STRANGE], false)).rejects.toThrow(/takes no secret of its file/);
      expect(await askAsBefore(wire, [STRANGE, OLD], false)).not.toEqual([]);
      await expect(askAsBefore(wire, [STRANGE], true)).rejects.toThrow(/that is to be kept/);
    });
  });
}

test('silence is no refusal', async () => {
  const io = fakeIo();
  const wire: Wire = {
    targets: [{ scheme: 'turn', host: '127.0.0.1', port: 9, transport: 'udp' }],
    timeoutMs: 500,
    io,
  };
  expect(await untilTaken(wire, { accepted: [], refused: [OLD] }, [], true)).toMatch(/does not refuse/);
});
