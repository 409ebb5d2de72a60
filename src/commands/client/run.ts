import type { Command } from 'commander';
import type { CallRecord } from '../../model/call-record.ts';
import type { Gathering } from '../../model/coldstart.ts';
import type { ExitCode, Report, Verdict } from '../../model/report.ts';
import { REFERENCE, type Scenario } from '../../model/scenario.ts';
import type { CredentialSource } from '../../probes/credential.ts';
import { summarizeGathering } from '../../rules/gathering-summary.ts';
import { duration } from '../../util/duration.ts';
import type { ClientBrowser, PageCredentials } from '../../webrtc/browser.ts';
import { callInFreshPages } from '../../webrtc/calls.ts';
import { addBrowserOptions, type BrowserOptions, withBrowsers } from '../browsers.ts';
import type { Io } from '../io.ts';
import { addOutputOptions, addWireOptions, type ReportOptions } from '../options.ts';
import { printReport } from '../print-report.ts';
import { type GivenOptions, given } from './given.ts';

export interface RunOptions
  extends Pick<ReportOptions, 'format' | 'json' | 'output'>,
    BrowserOptions,
    GivenOptions {}

/** A browser gives a silent server up after 40 s. */
const GIVE_UP_MS = 45_000;

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runClient = runClient,
): void {
  command.argument('[target]', 'host, address, or turn:, turns: URI; with --api: the URIs of its answer');
  addOutputOptions(addBrowserOptions(addWireOptions(command))).action(
    async (target: string | undefined, flags: Omit<RunOptions, 'target'>) =>
      done(await run({ ...flags, ...(target === undefined ? {} : { target }) }, io)),
  );
}

/**
 * What a real browser makes of each URI alone and of all together, and one call: 0 when every URI gives a relay candidate and
 * the call connects, 1 when some do not, 3 when none does. @throws {UsageError} {HostError}
 */
export async function runClient(options: RunOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const now = io.clock.now();
  const { uris, credential } = await given(options, io);
  const policy: Scenario['policy'] = options.policy ?? 'relay';
  const credentials = credentialsFrom(credential, uris);
  const seen = await withBrowsers(options, io, async browsers => ({
    browser: browsers[0].version,
    gatherings: await gatherEach({ uris, policy, credentials, giveUpMs: GIVE_UP_MS }, browsers[0], io),
    calls: await callOnce({ ...REFERENCE, policy, uris }, browsers, credentials, io),
  }));
  if (seen === null || io.signal.aborted) return 130;
  const verdict = verdictOf(seen.gatherings, seen.calls[0]);
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: 'client run',
    observedAt: new Date(now).toISOString(),
    target: {
      host: options.target ?? uris[0] ?? '',
      note: `${options.target ?? options.api} in Chromium ${seen.browser}`,
    },
    verdict,
    checks: [],
    observations: [],
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    gatherings: seen.gatherings,
    sources: [],
  };
  await printReport(report, { ...options, failOn: 'error' }, io);
  return verdict.exitCode;
}

/** Another name each time: coturn counts a quota by name. */
function credentialsFrom(source: CredentialSource, uris: readonly string[]): () => PageCredentials {
  let asked = 0;
  return () => {
    asked += 1;
    const { username, password } = source(1000 + asked);
    return { username, password, ttl: 300, uris };
  };
}

interface GatherAll {
  readonly uris: readonly string[];
  readonly policy: Scenario['policy'];
  readonly credentials: () => PageCredentials;
  readonly giveUpMs: number;
}

/** One after the other, so that each time is its own. */
async function gatherEach(
  { uris, policy, credentials, giveUpMs }: GatherAll,
  browser: ClientBrowser,
  io: Io,
): Promise<readonly Gathering[]> {
  const gatherings: Gathering[] = [];
  for (const list of [...uris.map(uri => [uri]), ...(uris.length > 1 ? [uris] : [])]) {
    if (io.signal.aborted) break;
    io.progress.update(`gathering with ${list.length === 1 ? list[0] : 'all URIs'}`);
    const page = await browser.openPage();
    const events = await page.gather({ uris: list, policy, credentials: credentials(), giveUpMs });
    gatherings.push(summarizeGathering(list, events));
    await page.close();
  }
  return gatherings;
}

function callOnce(
  scenario: Scenario,
  browsers: readonly [ClientBrowser, ClientBrowser],
  credentials: () => PageCredentials,
  io: Io,
): Promise<readonly CallRecord[]> {
  io.progress.update('calling');
  return callInFreshPages({ scenario, browsers, credentials, calls: 1, signal: io.signal });
}

/** Longer than that is longer than a client that waits for the end of gathering does. */
const LONG_MS = 2_000;

function verdictOf(gatherings: readonly Gathering[], call: CallRecord | undefined): Verdict {
  const alone = gatherings.filter(({ uris }) => uris.length === 1);
  const good = alone.filter(({ relayMs }) => relayMs !== null).length;
  const slow = alone.filter(({ completeMs }) => completeMs === null || completeMs > LONG_MS);
  const connectedMs = call?.caller.connectedMs ?? null;
  const said =
    connectedMs === null
      ? 'a call does not connect'
      : `a call connects after ${duration(connectedMs)} via ${call?.caller.via}`;
  const held =
    slow.length > 0 ? `; gathering is held open by ${slow.map(({ uris }) => uris[0]).join(', ')}` : '';
  const exitCode: ExitCode =
    good === 0 ? 3 : good === alone.length && connectedMs !== null && slow.length === 0 ? 0 : 1;
  return {
    status: exitCode === 0 ? 'ok' : exitCode === 1 ? 'findings' : 'inconclusive',
    headline: `${good} of ${alone.length} URIs give a relay candidate, and ${said}${held}`,
    exitCode,
    causes: [],
  };
}
