import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { PLANTED, plantedConfiguration } from '../demo/planted.ts';
import { startDemoServer } from '../demo/start.ts';
import {
  type Gathered,
  gatherDemo,
  gatherTarget,
  gatherThisHost,
  type Surroundings,
} from '../facts/gather.ts';
import { known } from '../model/fact.ts';
import type { Report } from '../model/report.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import { capFindings } from '../rules/cap-findings.ts';
import { allWell, whyInconclusive, whyUnreachable } from '../rules/conclusion.ts';
import { rules } from '../rules/index.ts';
import { runRules } from '../rules/run.ts';
import { judge } from '../rules/verdict.ts';
import { parseServerUri } from '../turn/uri.ts';
import { maskUri } from '../util/mask.ts';
import { judgeWithBaseline } from './baseline-file.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';
import { judgingBy } from './judging.ts';
import { addReportOptions, addWireOptions, type ReportOptions, type WireOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { readSavedFacts } from './saved-facts.ts';
import { readSecrets } from './secrets.ts';
import { wireOf } from './transcript.ts';
import { UsageError } from './usage-error.ts';
import { askedVersion } from './version-choice.ts';

export interface DiagnoseOptions extends ReportOptions, WireOptions {
  readonly target?: string;
  readonly demo?: boolean;
  readonly from?: string;
  readonly config?: string;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runDiagnose = runDiagnose,
): void {
  command
    .argument(
      '[target]',
      'host, address, or stun:, stuns:, turn:, turns: URI; without it: the coturn of this host',
    )
    .option('--demo', 'an embedded server with planted faults; needs nothing else')
    .option('--from <file>', 'judge the facts of an earlier --json report again; no host, no wire')
    .option('--config <file>', 'this turnserver.conf instead of the one found');
  addReportOptions(addWireOptions(command)).action(
    async (target: string | undefined, flags: Omit<DiagnoseOptions, 'target'>) =>
      done(await run({ ...flags, ...(target === undefined ? {} : { target }) }, io)),
  );
}

/** Gathers, judges, prints. @throws {UsageError} {HostError} */
export async function runDiagnose(options: DiagnoseOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const judging = await judgingBy(options, { rules, files: options.config ? [options.config] : [] }, io);
  const wire = wireOf(options, io);
  const gathered = await gatherFor({ ...options, asVersion: judging.asVersion }, { ...io, net: wire.net });
  const recorded = await wire.finish();
  if (io.signal.aborted) return 130;
  const { facts } = gathered;
  const judgedAt = Date.parse(facts.observedAt);
  const all = await judgeWithBaseline(
    before => runRules(judging.rules, facts, judgedAt, before),
    judging,
    io,
  );
  const checks = capFindings(all);
  const unreachable = gathered.nothing ?? whyUnreachable(facts);
  const inconclusive = whyInconclusive(facts, checks);
  const exitCode =
    unreachable === undefined ? exitCodeOf(checks, judging.failOn, inconclusive !== undefined) : 3;
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: 'diagnose',
    observedAt: facts.observedAt,
    target: targetOf(options, gathered, io),
    ...(facts.version.known ? { judgedAs: facts.version.value } : {}),
    verdict: judge({ checks, exitCode, unreachable, inconclusive, allWell: allWell(facts) }, rules),
    checks,
    observations: facts.wire.known
      ? [...facts.wire.value.observations, ...(facts.wire.value.notOffered ?? [])]
      : [],
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    ...recorded,
    facts,
    sources: facts.config.known ? [facts.config.value] : [],
  };
  await printReport(report, options, io);
  return exitCode;
}

async function gatherFor(options: DiagnoseOptions, io: Io): Promise<Gathered> {
  const { target, demo, from, config } = options;
  if ([target, demo, from].filter(value => value !== undefined).length > 1) {
    throw new UsageError('TARGET, --demo and --from exclude each other');
  }
  const version = options.asVersion === undefined ? undefined : askedVersion(options.asVersion);
  if (from !== undefined) {
    const facts = await readSavedFacts(from, io);
    return { facts: version === undefined ? facts : { ...facts, version: known(version) }, targets: [] };
  }
  const around: Surroundings = {
    host: io.host,
    net: io.net,
    clock: io.clock,
    signal: io.signal,
    timeoutMs: options.timeout * 1000,
    onProgress: text => io.progress.update(text),
  };
  if (demo === true) return demonstrate(around);
  const common = { given: await readSecrets(options, io), version, configPath: config };
  if (target === undefined) return gatherThisHost(around, common);
  const targets = urisOf(target);
  return gatherTarget(around, { ...common, targets, bare: targets.length > 1 });
}

function urisOf(target: string): readonly ServerUri[] {
  const parsed = parseServerUri(target);
  if ('problem' in parsed) throw new UsageError(maskUri(`${target}: ${parsed.problem}`));
  return parsed.uris;
}

async function demonstrate(around: Surroundings): Promise<Gathered> {
  around.onProgress('starting the embedded server');
  const secret = randomBytes(24).toString('base64url');
  const server = await startDemoServer({ realm: 'demo.invalid', secret, noStun: true });
  try {
    const text = plantedConfiguration(server.port, secret);
    return await gatherDemo(around, { port: server.port, text, path: 'demo/turnserver.conf' });
  } finally {
    server.stop();
  }
}

function targetOf({ target, demo, from }: DiagnoseOptions, { targets }: Gathered, io: Io): Report['target'] {
  if (demo === true) {
    return { host: '127.0.0.1', note: `the embedded demo server, with ${PLANTED.length} faults planted` };
  }
  if (from !== undefined) return { host: io.host.name, note: `facts of ${from}` };
  if (target === undefined) return { host: io.host.name, note: 'this host' };
  const [uri] = targets;
  return {
    host: uri?.host ?? target,
    ...(targets.length === 1 && uri !== undefined ? { uri: formatUri(uri) } : {}),
  };
}
