import { type Command, InvalidArgumentError } from 'commander';
import type { Gathered } from '../facts/gather.ts';
import { watchLog } from '../facts/log-growth.ts';
import type { CallRecord } from '../model/call-record.ts';
import type { ClientRun, Coldstart } from '../model/coldstart.ts';
import { known, unknown } from '../model/fact.ts';
import { REFERENCE, type Scenario } from '../model/scenario.ts';
import { formatUri } from '../model/target.ts';
import { measuredGathering, summarizeRun } from '../rules/coldstart-summary.ts';
import { predictGathering } from '../rules/gathering-time.ts';
import { rules } from '../rules/index.ts';
import type { ClientBrowser, PageCredentials } from '../webrtc/browser.ts';
import { callInFreshPages } from '../webrtc/calls.ts';
import { addBrowserOptions, type BrowserOptions, withBrowsers } from './browsers.ts';
import { type GatheringOptions, gatherFor, targetOf } from './gathering.ts';
import type { Io } from './io.ts';
import { judgedReport } from './judged-report.ts';
import { judgingBy } from './judging.ts';
import { addReportOptions, addSshOption, addWireOptions, type ReportOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { readScenario } from './scenario-file.ts';
import { UsageError } from './usage-error.ts';

export interface ColdstartOptions extends ReportOptions, GatheringOptions, BrowserOptions {
  readonly calls: number;
  readonly repeat: number;
  readonly scenario: string;
  readonly html?: string;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runColdstart = runColdstart,
): void {
  command
    .argument('[target]', 'host, address, or turn:, turns: URI; without it: the coturn of this host')
    .option('--calls <n>', 'first calls with each client, each in fresh browser contexts', count, 3)
    .option('--repeat <n>', 'calls after each of them, in the same contexts', count, 1)
    .option('--scenario <file>', 'the client to compare: naive, or a file that describes yours', 'naive')
    .option('--html <file>', 'write the timelines there too')
    .option('--config <file>', 'this turnserver.conf instead of the one found');
  addSshOption(addReportOptions(addBrowserOptions(addWireOptions(command)))).action(
    async (target: string | undefined, flags: Omit<ColdstartOptions, 'target'>) =>
      done(await run({ ...flags, ...(target === undefined ? {} : { target }) }, io)),
  );
}

function count(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 1000)
    throw new InvalidArgumentError('It must be a whole number, 1000 at most.');
  return number;
}

/**
 * First calls in a real browser, with the client as it is and with the reference client, judged together with all that a
 * diagnosis sees. @throws {UsageError} {HostError}
 */
export async function runColdstart(options: ColdstartOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const scenario = await readScenario(options.scenario, io);
  const judging = await judgingBy(options, { rules, files: options.config ? [options.config] : [] }, io);
  const gathered = await gatherFor({ ...options, asVersion: judging.asVersion }, io);
  if (io.signal.aborted) return 130;
  const target = targetOf(options, gathered, io);
  const coldstart = gathered.nothing === undefined ? await call(scenario, gathered, options, io) : undefined;
  if (io.signal.aborted) return 130;
  const client =
    coldstart === undefined
      ? unknown('no call was made')
      : known({ scenario, uris: urisOf(scenario, gathered), calls: coldstart.runs[0]?.records ?? [] });
  const report = await judgedReport(
    { ...gathered, facts: { ...gathered.facts, client } },
    judging,
    { command: 'coldstart', target, started, ...(coldstart ? { coldstart } : {}) },
    io,
  );
  if (options.html !== undefined) {
    const { renderTimelines } = await import('../report/timelines-html.ts');
    await io.writeFile(options.html, renderTimelines(report));
  }
  await printReport(report, options, io);
  return report.verdict.exitCode;
}

/** The URIs of the scenario, of the application, or of the server, in this order. */
function urisOf(scenario: Scenario, { facts, targets }: Gathered): readonly string[] {
  if (scenario.uris) return scenario.uris;
  const { endpoint } = facts;
  if (endpoint.known && endpoint.value.outcome === 'answered') return endpoint.value.uris;
  return targets.filter(({ scheme }) => scheme.startsWith('turn')).map(formatUri);
}

async function call(
  scenario: Scenario,
  gathered: Gathered,
  options: ColdstartOptions,
  io: Io,
): Promise<Coldstart> {
  const { credential, facts } = gathered;
  if (credential === undefined) {
    throw new UsageError('a browser cannot call without credentials', 'Give --secret-file, --user or --api.');
  }
  const uris = urisOf(scenario, gathered);
  let asked = 0;
  const credentials = (): PageCredentials => {
    asked += 1;
    const { username, password } = credential(1000 + asked);
    return { username, password, ttl: 300, uris };
  };
  return withBrowsers(options, io, async browsers => {
    const runs: ClientRun[] = [];
    for (const client of [scenario, REFERENCE]) {
      const described = { ...client, policy: options.policy ?? 'relay' };
      runs.push(await runClient(described, { browsers, credentials, facts }, options, io));
    }
    const observations = facts.wire.known ? facts.wire.value.observations : [];
    return {
      browser: `Chromium ${browsers[0].version}`,
      runs,
      predicted: predictGathering(uris, observations),
      measuredGatheringMs: measuredGathering(runs[0]?.records ?? []),
    };
  });
}

interface Stage extends Pick<Gathered, 'facts'> {
  readonly browsers: readonly [ClientBrowser, ClientBrowser];
  readonly credentials: () => PageCredentials;
}

/** Lines in the log are counted over the first call of all, of which nothing else speaks yet. */
async function runClient(
  scenario: Scenario,
  { browsers, credentials, facts }: Stage,
  { calls, repeat }: ColdstartOptions,
  io: Io,
): Promise<ClientRun> {
  const log = await watchLog(io.host, facts);
  const records: CallRecord[] = [];
  let logLines: number | null = null;
  for (let i = 1; i <= calls && !io.signal.aborted; i++) {
    io.progress.update(`${scenario.name} client, first call ${i} of ${calls}`);
    const made = await callInFreshPages({
      scenario,
      browsers,
      credentials,
      calls: 1 + repeat,
      signal: io.signal,
      async onCall({ ordinal }) {
        if (i === 1 && ordinal === 1) logLines = await log.lines();
      },
    });
    records.push(...made);
  }
  return summarizeRun(scenario, records, logLines);
}
