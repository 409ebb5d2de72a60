import { Command, CommanderError } from 'commander';
import type { Io, RemoteHost } from '../commands/io.ts';
import { UsageError } from '../commands/usage-error.ts';
import { ConnectionLost, HostError } from '../host/host.ts';
import { printable } from '../util/text.ts';
import { COMMANDS } from './registry.ts';

/** The exit code for what is neither a finding nor the operator's mistake. */
export const COULD_NOT_TELL = 3;

const AFTER_HELP = `
Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage, 3 could not tell, 4 undone.
Start with: turnctl diagnose   turnctl diagnose turn:turn.example.org   turnctl diagnose --demo`;

/** argv to exit code. Commander's own exits, usage errors and refusals of the host become one line on standard error. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = new Command('turnctl')
    .description('Diagnose and fix coturn (TURN/STUN) deployments.')
    .version(io.version, '-V, --version', 'print the version')
    .addHelpText('after', AFTER_HELP)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: text => io.stdout(text),
      writeErr: text => io.stderr(text),
      outputError: (text, write) => write(withoutValue(text)),
      getOutHelpWidth: () => io.rendering.width,
      getErrHelpWidth: () => io.rendering.width,
    });
  const called = argv.slice(2).find(argument => !argument.startsWith('-'));
  const all = called === 'help' || called === 'completion';
  // What commands were given when they were declared, with the host that is known only once flags are read.
  const session: Mutable<Io> = { ...io };
  let remote: RemoteHost | undefined;
  program.hook('preAction', async (_, command) => {
    const { ssh } = command.opts<{ readonly ssh?: string }>();
    if (ssh === undefined) return;
    remote = await io.connect(ssh);
    useRemote(session, remote);
  });
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).description(entry.summary);
    if (!all && entry.name !== called) continue;
    const { register } = await entry.load();
    register(command, session, code => {
      exitCode = code;
    });
  }
  try {
    await program.parseAsync(argv as string[]);
    return exitCode;
  } catch (error) {
    return explainFailure(error, io);
  } finally {
    io.progress.stop();
    await remote?.close();
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function useRemote(session: Mutable<Io>, remote: RemoteHost): void {
  session.host = remote;
  session.remote = remote;
  session.writableHost = () => remote;
  session.createPrivateFile = remote.createPrivateFile;
  if (remote.as === 'sudo') session.stderr(`turnctl: works on ${remote.name} as root, by sudo -n\n`);
  if (remote.as === 'user') {
    session.stderr(`turnctl: is no root on ${remote.name}, and sudo -n does not make it so\n`);
  }
}

/** Commander quotes an option it does not know with all that is glued to it, as in `--password=…` or `-p…`. */
const withoutValue = (text: string): string =>
  text.replace(/(?<=option '(?:--[^'=]*=|-[^-]))[\s\S]+(?=')/, '…');

function explainFailure(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError || error instanceof HostError || error instanceof ConnectionLost) {
    io.stderr(`turnctl: ${printable(error.message)}\n`);
    if (error.hint !== undefined) io.stderr(`  ${error.hint}\n`);
    return error instanceof UsageError ? 2 : COULD_NOT_TELL;
  }
  throw error;
}
