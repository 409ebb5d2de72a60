import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { mayEndCalls } from '../../src/commands/service/consent.ts';
import type { ServiceOptions } from '../../src/commands/service/look.ts';
import { register } from '../../src/commands/service.ts';
import { known, unknown } from '../../src/model/fact.ts';
import { fakeIo } from '../support/fake-io.ts';

async function parsed(...argv: string[]): Promise<ServiceOptions> {
  let seen: ServiceOptions | undefined;
  const command = new Command('service').exitOverride();
  register(
    command,
    fakeIo(),
    () => {},
    async options => {
      seen = options;
      return 0;
    },
  );
  await command.parseAsync(argv, { from: 'user' });
  return seen as ServiceOptions;
}

describe('flags', () => {
  test('status', async () => {
    expect(await parsed('status', '--json')).toMatchObject({ verb: 'status', json: true, failOn: 'error' });
  });

  test('restart', async () => {
    expect(await parsed('restart', '--yes', '--force', '--wait', '5')).toMatchObject({
      ...{ verb: 'restart', yes: true, force: true, wait: 5 },
    });
  });

  test('drain', async () => {
    expect(await parsed('drain', '--deadline', '60', '--then', 'stop')).toMatchObject({
      ...{ verb: 'drain', deadline: 60, afterwards: 'stop', wait: 30 },
    });
    expect(await parsed('drain')).toMatchObject({ deadline: 300, afterwards: 'restart' });
  });
});

const run = async (...args: string[]) => {
  const io = fakeIo();
  return { exitCode: await main(['node', 'turnctl', ...args], io), ...io.printed };
};

test('wrong usage', async () => {
  expect(await run('service', 'drain', '--then', 'explode')).toMatchObject({ exitCode: 2 });
  expect(await run('service', 'restart', '--wait', '0')).toMatchObject({ exitCode: 2 });
  expect(await run('service', 'explode')).toMatchObject({ exitCode: 2 });
});

test('a host without coturn: status cannot tell, and there is nothing to restart', async () => {
  const status = await run('service', 'status');
  expect(status.exitCode).toBe(3);
  expect(await run('service', 'restart')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('there is no service of coturn'),
  });
});

test('flags of commands below are completed', async () => {
  const { stdout } = await run('completion', 'bash');
  const cases = stdout.slice(stdout.indexOf('    service)'));
  expect(cases).toContain('status restart reload drain');
  expect(cases).toContain('--deadline');
  expect(cases).toContain('restart stop nothing');
  expect(cases).toContain('--ssh');
});

describe('calls that would end', () => {
  const asked = { name: 'coturn.service', yes: false, alternative: 'Drain.' };
  const withAnswer = (answer: string) => {
    const io = fakeIo();
    return {
      ...io,
      dialogue: <T>(talk: (ask: () => Promise<string>) => Promise<T>) => talk(async () => answer),
    };
  };

  test('nobody is asked where there are none', async () => {
    expect(await mayEndCalls(known(0), asked, fakeIo())).toBe(true);
  });

  test('--yes does not ask, and says how many', async () => {
    const io = fakeIo();
    expect(await mayEndCalls(known(3), { ...asked, yes: true }, io)).toBe(true);
    expect(io.printed.stderr).toContain('3 allocations of coturn.service will end');
  });

  test('without a terminal it is refused', async () => {
    await expect(mayEndCalls(known(1), asked, fakeIo())).rejects.toThrow('nobody to ask');
    await expect(mayEndCalls(unknown('not root'), asked, fakeIo())).rejects.toThrow('nobody to ask');
  });

  test('only yes is yes', async () => {
    expect(await mayEndCalls(known(1), asked, withAnswer('y'))).toBe(true);
    expect(await mayEndCalls(known(1), asked, withAnswer(''))).toBe(false);
    expect(await mayEndCalls(known(1), asked, withAnswer('yesterday'))).toBe(false);
  });
});
