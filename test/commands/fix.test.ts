import { Command } from 'commander';
import { expect, test } from 'vitest';
import { parseLastAck } from '../../src/commands/confirm-access.ts';
import { register, runFix } from '../../src/commands/fix.ts';
import type { FixOptions } from '../../src/commands/fix-run.ts';
import { type RollbackOptions, register as registerRollback } from '../../src/commands/rollback.ts';
import { fakeIo } from '../support/fake-io.ts';

async function parsedFix(...argv: string[]): Promise<FixOptions> {
  let options: FixOptions | undefined;
  const command = new Command();
  register(
    command,
    fakeIo(),
    () => {},
    async given => {
      options = given;
      return 0;
    },
  );
  await command.parseAsync(['node', 'fix', ...argv]);
  return options!;
}

test('flags become options', async () => {
  expect(await parsedFix('listener/no-stun', 'relay', '--yes')).toMatchObject({
    names: ['listener/no-stun', 'relay'],
    yes: true,
    timeout: 5,
  });
  expect(await parsedFix('--plan', '--stun', 'stun.example.org')).toMatchObject({
    names: [],
    plan: true,
    stun: 'stun.example.org',
  });
});

test('flags of rollback', async () => {
  let options: RollbackOptions | undefined;
  const command = new Command();
  registerRollback(
    command,
    fakeIo(),
    () => {},
    async given => {
      options = given;
      return 0;
    },
  );
  await command.parseAsync(['node', 'rollback', '20260131T120000Z', '--force']);
  expect(options).toMatchObject({ id: '20260131T120000Z', force: true });
});

test('without a terminal it does nothing that was not agreed to', async () => {
  await expect(runFix(await parsedFix(), fakeIo())).rejects.toMatchObject({
    name: 'UsageError',
    hint: expect.stringContaining('--yes'),
  });
});

test('a rule that does not exist is named', async () => {
  await expect(runFix(await parsedFix('listener/no-stum', '--plan'), fakeIo())).rejects.toMatchObject({
    name: 'UsageError',
    message: 'there is no rule or topic listener/no-stum',
  });
});

test.each([
  [
    'when the client last acknowledged',
    ' cubic wscale:7,7 rto:204 lastsnd:12 lastrcv:40 lastack:12 pacing_rate 1b',
    12,
  ],
  [
    'nothing, while what was sent is not acknowledged',
    ' cubic unacked:3 lastsnd:12 lastrcv:40 lastack:9000',
    null,
  ],
  ['nothing of a connection that is gone', '', null],
])('ss tells %s', (_, text, ms) => expect(parseLastAck(text)).toBe(ms));
