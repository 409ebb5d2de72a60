import type { Gathered } from '../facts/gather.ts';
import { watchLog } from '../facts/log-growth.ts';
import type { CallRecord } from '../model/call-record.ts';
import type { ClientRun, Coldstart } from '../model/coldstart.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { ClientFact } from '../model/facts.ts';
import { REFERENCE, type Scenario } from '../model/scenario.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import { measuredGathering, summarizeRun } from '../rules/coldstart-summary.ts';
import { predictGathering } from '../rules/gathering-time.ts';
import { parseServerUri } from '../turn/uri.ts';
import type { ClientBrowser, PageCredentials } from '../webrtc/browser.ts';
import { callInFreshPages } from '../webrtc/calls.ts';
import { type BrowserOptions, withBrowsers } from './browsers.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

export interface CallCounts extends BrowserOptions {
  /** First calls with each client. */
  readonly calls: number;
  /** Calls after each of them, in the same contexts. */
  readonly repeat: number;
}

/** What the browser saw, as a fact for the rules and as a table for people. */
export interface FirstCalls {
  readonly client: Fact<ClientFact>;
  readonly coldstart?: Coldstart;
}

/** The servers on the client's own list, to be probed beside the target; what no browser takes is for a rule to say. */
export const listedServers = ({ uris = [] }: Scenario): readonly ServerUri[] =>
  uris.flatMap(uri => {
    const parsed = parseServerUri(uri);
    return 'problem' in parsed ? [] : parsed.uris;
  });

/** First calls with the described client, then with the reference client. @throws {UsageError} without credentials, {HostError} without a browser */
export async function makeFirstCalls(
  scenario: Scenario,
  gathered: Gathered,
  counts: CallCounts,
  io: Io,
): Promise<FirstCalls> {
  if (gathered.nothing !== undefined) return { client: unknown('no call was made') };
  const { credential, facts } = gathered;
  if (credential === undefined) {
    throw new UsageError('a browser cannot call without credentials', 'Give --secret-file, --user or --api.');
  }
  const uris = urisOf(scenario, gathered);
  let asked = 0;
  // Another name each time: coturn counts a quota by name.
  const credentials = (): PageCredentials => {
    asked += 1;
    const { username, password } = credential(1000 + asked);
    return { username, password, ttl: 300, uris };
  };
  const made = await withBrowsers(counts, io, async (browsers): Promise<FirstCalls> => {
    const runs: ClientRun[] = [];
    for (const client of [scenario, REFERENCE]) {
      const described = { ...client, policy: counts.policy ?? 'relay' };
      runs.push(await runClient(described, { browsers, credentials, facts }, counts, io));
    }
    const calls = runs[0]?.records ?? [];
    const observations = facts.wire.known ? facts.wire.value.observations : [];
    return {
      client: known({ scenario, uris, calls }),
      coldstart: {
        browser: `Chromium ${browsers[0].version}`,
        runs,
        predicted: predictGathering(uris, observations),
        measuredGatheringMs: measuredGathering(calls),
      },
    };
  });
  return made ?? { client: unknown('interrupted') };
}

/** The URIs of the scenario, of the application, or of the server, in this order. */
function urisOf(scenario: Scenario, { facts, targets }: Gathered): readonly string[] {
  if (scenario.uris) return scenario.uris;
  const { endpoint } = facts;
  if (endpoint.known && endpoint.value.outcome === 'answered') return endpoint.value.uris;
  return targets.filter(({ scheme }) => scheme.startsWith('turn')).map(formatUri);
}

interface Stage extends Pick<Gathered, 'facts'> {
  readonly browsers: readonly [ClientBrowser, ClientBrowser];
  readonly credentials: () => PageCredentials;
}

/** Lines in the log are counted over the first call of all, of which nothing else speaks yet. */
async function runClient(
  scenario: Scenario,
  { browsers, credentials, facts }: Stage,
  { calls, repeat }: CallCounts,
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
