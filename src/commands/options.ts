import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FailOn } from '../model/report.ts';

export const FORMATS = ['human', 'json', 'junit', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

export const FAIL_ON = ['error', 'warning', 'info', 'never'] as const satisfies readonly FailOn[];

/** What to judge by: the same flags on every command that judges. */
export interface JudgingOptions {
  readonly failOn?: FailOn;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly asVersion?: string | undefined;
}

/** How to judge and print: the same flags on every command that reports. */
export interface ReportOptions extends JudgingOptions {
  readonly format: Format;
  readonly json?: boolean;
  readonly output?: string;
  readonly settings?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

/** How to reach a server and with what: files hold the secrets, or the environment. */
export interface WireOptions {
  readonly timeout: number;
  /** May be given several times: the first signs, `probe auth` says of each whether it is taken. */
  readonly secretFile?: readonly string[];
  readonly user?: string;
  readonly passwordFile?: string;
  readonly api?: string;
  readonly tokenFile?: string;
}

const list = (value: string, previous: readonly string[] = []): string[] => [
  ...previous,
  ...value
    .split(',')
    .map(item => item.trim())
    .filter(Boolean),
];

/** A number of seconds given on the command line. @throws {InvalidArgumentError} */
export function seconds(value: string): number {
  const parsed = Number(value);
  if (!(parsed > 0) || parsed > 3600)
    throw new InvalidArgumentError('It must be a number of seconds, 3600 at most.');
  return parsed;
}

/** How and where to print. */
export function addOutputOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('human'))
    .option('--json', 'the same as --format json')
    .option('--output <file>', 'write the report there instead of standard output')
    .option('--no-color', 'no colour (as NO_COLOR)');
}

/** What to judge by. */
export function addJudgingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity on (default: "error")').choices(FAIL_ON),
    )
    .option('--only <rules>', 'judge by these rules alone: ids or topics, separated by commas', list)
    .option('--skip <rules>', 'leave these rules out', list)
    .option(
      '--as-version <version>',
      'judge as this coturn release (default: the one found, else the newest known)',
    );
}

/** How to print, what to judge by, and what was found before. */
export function addReportOptions(command: Command): Command {
  return addJudgingOptions(addOutputOptions(command))
    .option('--settings <file>', 'severities and defaults (default: turnctl.ini beside the file or here)')
    .option('--baseline <file>', 'only what is not in it counts and is shown')
    .option('--write-baseline <file>', 'take down what is found now as a baseline');
}

/** How long may be waited. */
export const addTimeoutOption = (command: Command): Command =>
  command.option('--timeout <seconds>', 'longest wait for the wire', seconds, 5);

/** Flags of every command that sends something. */
export function addWireOptions(command: Command): Command {
  return addTimeoutOption(command)
    .option(
      '--secret-file <file>',
      'static-auth-secret to sign a short-lived credential with (or TURNCTL_SECRET)',
      (file: string, previous: readonly string[] = []) => [...previous, file],
    )
    .option('--user <name>', 'user name of a credential')
    .option('--password-file <file>', 'its password (or TURNCTL_PASSWORD)')
    .option('--api <url>', "the application's credential endpoint")
    .option('--token-file <file>', 'bearer token for it (or TURNCTL_TOKEN)');
}

/** For commands that look at, or change, the host coturn runs on. */
export const addSshOption = (command: Command): Command =>
  command.option(
    '--ssh <destination>',
    'the host part there, over OpenSSH: [USER@]HOST; nothing is installed',
  );

/** `--json` is short for `--format json`. */
export const formatOf = (options: ReportOptions): Format => (options.json === true ? 'json' : options.format);
