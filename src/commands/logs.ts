import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Io } from './io.ts';
import type { LogsOptions } from './logs/options.ts';
import { runLogs } from './logs/run.ts';
import { addSshOption, FAIL_ON, FORMATS } from './options.ts';

function errorCode(value: string): number {
  const code = Number(value);
  if (Number.isInteger(code) && code >= 300 && code <= 699) return code;
  throw new InvalidArgumentError('It is the code of a STUN error, as 401 or 486.');
}

/** Declares `logs`. `run` is replaced by tests. */
export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runLogs = runLogs,
): void {
  command
    .argument('[file...]', 'logs, also rotated and gzipped ones, in any order; - is standard input')
    .option('--config <file>', 'this turnserver.conf instead of the one found')
    .option('--follow', 'go on, and print each session as it ends')
    .option('--user <name>', 'sessions of this user, with or without the time in front')
    .option('--session <id>', 'this session, zeros in front left out or not')
    .option('--since <time>', 'ISO time, or 30m, 2h, 3d ago')
    .option('--until <time>', 'the same')
    .option('--error [code]', 'sessions with an error that is not harmless, or with this one', errorCode)
    .addOption(
      new Option('--format <format>', 'how to print').choices([...FORMATS, 'jsonl']).default('human'),
    )
    .option('--json', 'the same as --format json')
    .option('--jsonl', 'the same as --format jsonl: a line for each session as it ends')
    .option('--output <file>', 'write the report there instead of standard output')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity on').choices(FAIL_ON).default('error'),
    );
  addSshOption(command)
    .addHelpText(
      'after',
      `
Examples:
  turnctl logs                             # the log that is really written here
  turnctl logs /var/log/turnserver/*       # rotated ones too, oldest first
  turnctl logs --since 2h --error 401      # who was refused in the last 2 hours
  journalctl -u coturn -o short-iso | turnctl logs - --jsonl
  turnctl logs --follow --user alice`,
    )
    .action(async (files: string[], flags: Omit<LogsOptions, 'files'>) =>
      done(await run({ ...flags, files }, io)),
    );
}
