import type { Command } from 'commander';
import { issueCredential } from '../../credentials/issue.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { addSecretOptions, addUriOptions, readSources, type SourceOptions, wholeSeconds } from './sources.ts';

export interface IssueOptions extends SourceOptions {
  readonly ttl: number;
  readonly name?: string;
  readonly json?: boolean;
}

export const DEFAULT_TTL_SECONDS = 3600;

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runIssue = runIssue,
): void {
  addUriOptions(addSecretOptions(command))
    .option('--ttl <seconds>', 'how long it lives', wholeSeconds, DEFAULT_TTL_SECONDS)
    .option('--name <text>', "who it is for: shown in the server's log, counted for its user quota")
    .option('--json', 'as the endpoint answers: {username, password, ttl, uris}')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .action(async (flags: IssueOptions) => done(await run(flags, io)));
}

/** Prints one time-limited credential, which is what it was asked for. @throws {UsageError} {HostError} */
export async function runIssue(options: IssueOptions, io: Io): Promise<number> {
  if (options.name !== undefined && !/^[\w.@-]{1,64}$/.test(options.name)) {
    throw new UsageError('--name holds what a user name should not', 'Letters, digits, and _ . @ - will do.');
  }
  const { secrets, uris } = await readSources(options, io);
  const { ttl: ttlSeconds, name } = options;
  const { username, password, expiresAt } = issueCredential({
    secret: secrets[0] as string,
    now: io.clock.now(),
    ttlSeconds,
    ...(name === undefined ? {} : { name }),
  });
  if (options.json === true) {
    io.stdout(`${JSON.stringify({ username, password, ttl: ttlSeconds, uris }, null, 2)}\n`);
    return 0;
  }
  const expires = new Date(expiresAt * 1000).toISOString().replace('.000', '');
  const lines = [
    ['username', username],
    ['password', password],
    ['expires', `${expires}, in ${ttlSeconds} s`],
    ...uris.map(uri => ['uri', uri]),
  ];
  io.stdout(lines.map(([label = '', value]) => `${label.padEnd(10)}${value}\n`).join(''));
  return 0;
}
