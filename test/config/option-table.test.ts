import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DIRECTIVES, findDirective, isKnown } from '../../src/config/directives.ts';
import { installed, newer, verdictOf } from './turnserver.ts';

/** One line an option, harmless as far as that can be; the names are reported before anything can go wrong. */
const everyName = DIRECTIVES.filter(({ commandLineOnly }) => !commandLineOnly)
  .map(({ name, type }) => (name === 'log-file' ? 'log-file=stdout' : type === 'flag' ? `${name}=0` : name))
  .join('\n');

describe.each([
  ['installed', installed],
  ['newer', newer],
] as const)('the option table, beside the %s coturn', (which, found) => {
  test('agrees on every name that ever was one', async context => {
    if (!found && which === 'newer') context.skip('TURNCTL_COTURN_NEWER names no turnserver');
    const { program, version } = found!;
    const { unknown } = await verdictOf({ program, version }, everyName);
    const expected = DIRECTIVES.map(({ name }) => name).filter(name => !isKnown(name, version, 'debian'));
    expect([...unknown].sort()).toEqual(expected.sort());
  });

  test('has every option that its usage text names', async context => {
    if (!found && which === 'newer') context.skip('TURNCTL_COTURN_NEWER names no turnserver');
    const { stdout } = await promisify(execFile)(found!.program, ['-h'], {
      env: { OPENSSL_CONF: '/dev/null' },
    });
    const named = [...stdout.matchAll(/^\s*(?:-[A-Za-z], )?--([A-Za-z][\w-]*)/gm)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter(name => !findDirective(name))).toEqual([]);
  });
});
