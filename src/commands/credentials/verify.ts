import type { Command } from 'commander';
import { verifyCredential } from '../../credentials/verify.ts';
import { credentialFact } from '../../facts/credential.ts';
import { unknownFacts } from '../../facts/unknown-facts.ts';
import { known } from '../../model/fact.ts';
import type { CredentialFact, Facts } from '../../model/facts.ts';
import type { Report } from '../../model/report.ts';
import type { Rule } from '../../model/rule.ts';
import { rules as RULES } from '../../rules/index.ts';
import { runRules } from '../../rules/run.ts';
import { judge } from '../../rules/verdict.ts';
import { exitCodeOf } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { addOutputOptions, type ReportOptions } from '../options.ts';
import { printReport } from '../print-report.ts';
import { readSecretFile } from '../secrets.ts';
import { UsageError } from '../usage-error.ts';
import { addSecretOptions, readSources, type SourceOptions } from './sources.ts';

export interface VerifyOptions extends SourceOptions, Pick<ReportOptions, 'format' | 'json' | 'output'> {
  readonly username: string;
  readonly passwordFile?: string;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runVerify = runVerify,
): void {
  addOutputOptions(
    addSecretOptions(
      command
        .argument('<username>', 'as the client sends it: expiry:name')
        .option('--password-file <file>', 'its password (or TURNCTL_PASSWORD)'),
    ),
  ).action(async (username: string, flags: Omit<VerifyOptions, 'username'>) =>
    done(await run({ ...flags, username }, io)),
  );
}

/** Says who a credential is for, until when, which secret made it, and why coturn would refuse it. @throws {UsageError} {HostError} */
export async function runVerify(options: VerifyOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const now = io.clock.now();
  const { username } = options;
  const password = await readPassword(options, io);
  const { secrets } = await readSources(options, io);
  const { secret } = verifyCredential({ username, password, secrets, now });
  const credential: CredentialFact = {
    ...credentialFact('user', { username, password }, now),
    secrets: { compared: secrets.length, madeBy: secret === null ? null : secret + 1 },
  };
  const facts: Facts = {
    ...unknownFacts(new Date(now).toISOString(), 'only the credential was looked at'),
    credential: known(credential),
  };
  const checks = runRules(RULES.filter(judgesCredential), facts, now);
  const exitCode = exitCodeOf(checks, 'error', false);
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: 'credentials verify',
    observedAt: facts.observedAt,
    target: { host: io.host.name, note: `the credential of ${username}` },
    verdict: judge({ checks, exitCode, allWell: praiseOf(credential, now) }, RULES),
    checks,
    observations: [],
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    facts,
    sources: [],
  };
  await printReport(report, { ...options, failOn: 'error' }, io);
  return exitCode;
}

const judgesCredential = ({ needs }: Rule): boolean =>
  needs.length > 0 && needs.every(name => name === 'credential');

async function readPassword({ passwordFile }: VerifyOptions, { host, env }: Io): Promise<string> {
  const password =
    passwordFile === undefined ? env.TURNCTL_PASSWORD : await readSecretFile(host, passwordFile);
  if (password) return password;
  throw new UsageError('there is no password to verify', 'Give --password-file FILE, or TURNCTL_PASSWORD.');
}

function praiseOf({ username, expiresAt, secrets }: CredentialFact, now: number): string {
  const name = username.replace(/^\d+:?|:\d+$/, '');
  const whose = name === '' ? 'for nobody by name' : `for ${name}`;
  const until =
    expiresAt === null ? '' : ` until ${new Date(expiresAt * 1000).toISOString().replace('.000', '')}`;
  const left = expiresAt === null ? '' : `, ${Math.round(expiresAt - now / 1000)} s from now`;
  const by =
    secrets && secrets.compared > 1 ? `, made with secret ${secrets.madeBy} of ${secrets.compared}` : '';
  return `coturn takes this credential${until}${left}: it is ${whose}${by}`;
}
