import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { RemoteHost } from '../../src/commands/io.ts';
import { UsageError } from '../../src/commands/usage-error.ts';
import { ConnectionLost, HostError } from '../../src/host/host.ts';
import { fakeIo, hostWith } from '../support/fake-io.ts';

function connectingIo(as: RemoteHost['as'] = 'root') {
  const io = fakeIo({ '/etc/t.conf': 'realm=here\n' });
  const seen = { destinations: [] as string[], closed: 0 };
  const remote: RemoteHost = {
    ...hostWith({ '/etc/t.conf': 'no-such-option\n' }),
    ...{ name: 'there', address: '192.0.2.1', as },
    writeFile: async () => {},
    realPath: async path => path,
    createPrivateFile: async () => ({ mode: 0o600, backup: null }),
    async *stream() {},
    close: async () => {
      seen.closed += 1;
    },
  };
  const connect = async (destination: string) => {
    seen.destinations.push(destination);
    return remote;
  };
  return { io, seen, with: { ...io, connect } };
}

const lint = ['node', 'turnctl', 'lint', '/etc/t.conf', '--as-version', '4.6.1'];

describe('--ssh', () => {
  test('reads the files of the other host, and closes the connection', async () => {
    const { io, seen, with: connecting } = connectingIo();
    expect(await main([...lint, '--ssh', 'root@turn'], connecting)).toBe(1);
    expect(io.printed.stdout).toContain('no-such-option');
    expect(io.printed.stderr).toBe('');
    expect(seen).toEqual({ destinations: ['root@turn'], closed: 1 });
  });

  test('closes it also where the command fails', async () => {
    const { seen, with: connecting } = connectingIo();
    expect(await main(['node', 'turnctl', 'lint', '/etc/none', '--ssh', 'turn'], connecting)).toBe(3);
    expect(seen.closed).toBe(1);
  });

  test('without it nothing is connected', async () => {
    const { io, seen, with: connecting } = connectingIo();
    await main(lint, connecting);
    expect(io.printed.stdout).not.toContain('no-such-option');
    expect(seen).toEqual({ destinations: [], closed: 0 });
  });

  test('says as whom it works there', async () => {
    const sudo = connectingIo('sudo');
    await main([...lint, '--ssh', 'turn'], sudo.with);
    expect(sudo.io.printed.stderr).toBe('turnctl: works on there as root, by sudo -n\n');
    const user = connectingIo('user');
    await main([...lint, '--ssh', 'turn'], user.with);
    expect(user.io.printed.stderr).toContain('is no root on there');
  });

  test('what ssh refuses is one line, a hint, and exit code 3', async () => {
    const io = fakeIo();
    const connect = async () => {
      throw new HostError('permission-denied', 'ssh turn failed: x', { hint: 'Do y.' });
    };
    expect(await main([...lint, '--ssh', 'turn'], { ...io, connect })).toBe(3);
    expect(io.printed).toEqual({ stdout: '', stderr: 'turnctl: ssh turn failed: x\n  Do y.\n' });
  });

  test('a connection that is lost ends the run: what did not answer is no fact', async () => {
    const { io, with: connecting } = connectingIo();
    const remote = await connecting.connect('turn');
    const run = async () => {
      throw new ConnectionLost('the SSH connection to turn was lost');
    };
    const connect = async () => ({ ...remote, run, readFile: run, readDirectory: run, status: run });
    expect(await main(['node', 'turnctl', 'diagnose', '--ssh', 'turn'], { ...connecting, connect })).toBe(3);
    expect(io.printed.stdout).toBe('');
    expect(io.printed.stderr).toContain('turnctl: the SSH connection to turn was lost\n');
  });

  test('no destination is wrong usage', async () => {
    const io = fakeIo();
    const connect = async () => {
      throw new UsageError('--ssh -x: a host name cannot begin with a hyphen');
    };
    expect(await main([...lint, '--ssh', '-x'], { ...io, connect })).toBe(2);
  });

  test('has no use where no host is looked at', async () => {
    const { with: connecting } = connectingIo();
    const argv = ['node', 'turnctl', 'diagnose', '--demo', '--ssh', 'turn'];
    expect(await main(argv, connecting)).toBe(2);
  });
});
