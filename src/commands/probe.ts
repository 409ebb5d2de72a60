import type { Command } from 'commander';
import { chooseCredential } from '../facts/credential-choice.ts';
import { readEndpoint } from '../facts/endpoint.ts';
import type { Observation } from '../model/observation.ts';
import type { ExitCode, Report, Verdict } from '../model/report.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import type { Step } from '../probes/plan.ts';
import { runProbes } from '../probes/run.ts';
import { describeObservation } from '../rules/outcome-words.ts';
import { parseServerUri } from '../turn/uri.ts';
import { maskUri } from '../util/mask.ts';
import type { Io } from './io.ts';
import { addOutputOptions, addWireOptions, type ReportOptions, type WireOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { readSecrets } from './secrets.ts';
import { UsageError } from './usage-error.ts';

type Kind = 'stun' | 'turn' | 'tls';

export interface ProbeOptions extends Pick<ReportOptions, 'format' | 'json' | 'output'>, WireOptions {
  readonly kind: Kind;
  readonly target: string;
}

const KINDS: Readonly<Record<Kind, { readonly summary: string; readonly steps: readonly Step[] }>> = {
  stun: { summary: 'Binding over every transport and address (RFC 8489)', steps: ['stun-binding'] },
  turn: {
    summary: 'challenge, Allocate, permission, data both ways, channel, delete (RFC 8656)',
    steps: ['turn-allocate', 'turn-data-path'],
  },
  tls: { summary: 'handshake, certificate, name, chain', steps: ['tls-handshake'] },
};

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runProbe = runProbe,
): void {
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const child = command
      .command(kind)
      .description(KINDS[kind].summary)
      .argument('<target>', 'host, address, or stun:, stuns:, turn:, turns: URI');
    addOutputOptions(addWireOptions(child)).action(
      async (target: string, flags: Omit<ProbeOptions, 'kind' | 'target'>) =>
        done(await run({ ...flags, kind, target }, io)),
    );
  }
}

/** Probes and reports what happened, without judgement: 0 when every conversation went well, 1 else, 3 when none did. */
export async function runProbe(options: ProbeOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const { kind, target } = options;
  const uris = urisFor(kind, target);
  const { sharedSecret, user, endpoint } = await readSecrets(options, io);
  const timeoutMs = options.timeout * 1000;
  const answer =
    endpoint && (await readEndpoint({ ...endpoint, timeoutMs, signal: io.signal, clock: io.clock }));
  const now = io.clock.now();
  const credential = chooseCredential({ sharedSecret, user, endpoint: answer?.credential }, now);
  const observations = await runProbes(io.net, io.clock, {
    uris,
    steps: new Set(KINDS[kind].steps),
    credential: credential.source,
    timeoutMs,
    signal: io.signal,
    onEvent: ({ waitingFor }) => io.progress.update(`waiting for ${waitingFor}`),
  });
  if (io.signal.aborted) return 130;
  const verdict = verdictOf(observations, kind);
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: `probe ${kind}`,
    observedAt: new Date(now).toISOString(),
    target: {
      host: uris[0]?.host ?? target,
      ...(uris.length === 1 && uris[0] ? { uri: formatUri(uris[0]) } : {}),
    },
    verdict,
    checks: [],
    observations,
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    sources: [],
  };
  await printReport(report, { ...options, failOn: 'error' }, io);
  return verdict.exitCode;
}

/** @throws {UsageError} for a target that is none, or one that this kind of probe has no use for */
function urisFor(kind: Kind, target: string): readonly ServerUri[] {
  const parsed = parseServerUri(target);
  if ('problem' in parsed) throw new UsageError(maskUri(`${target}: ${parsed.problem}`));
  const fitting = parsed.uris.filter(({ scheme, transport }) =>
    kind === 'tls' ? transport === 'tls' : kind === 'turn' ? scheme.startsWith('turn') : true,
  );
  if (fitting.length > 0) return fitting;
  throw new UsageError(
    `${target} cannot be probed for ${kind}`,
    kind === 'tls'
      ? 'Give a host name, or a turns: or stuns: URI.'
      : 'Give a host name, or a turn: or turns: URI.',
  );
}

/** What went as it should: a full answer, and every leg of the data path that was tried. */
function isGood(observation: Observation): boolean {
  if (observation.probe === 'turn-data-path') {
    if (observation.outcome !== 'complete') return false;
    const { permission, inbound, outbound, channelBind, channelInbound, channelOutbound } = observation;
    return [permission, inbound, outbound, channelBind, channelInbound, channelOutbound].every(
      leg => leg.outcome === 'passed',
    );
  }
  if (observation.probe === 'tls-handshake') {
    return observation.outcome === 'handshake' && !observation.untrusted && !observation.nameMismatch;
  }
  return ['resolved', 'answered', 'allocated'].includes(observation.outcome);
}

function verdictOf(observations: readonly Observation[], kind: Kind): Verdict {
  const tried = observations.filter(o => o.probe !== 'dns' || o.outcome === 'unresolved');
  const good = tried.filter(isGood);
  const what = `${good.length} of ${tried.length} ${kind.toUpperCase()} conversations went well`;
  const exitCode: ExitCode = good.length === tried.length && tried.length > 0 ? 0 : good.length > 0 ? 1 : 3;
  const status = exitCode === 0 ? 'ok' : exitCode === 1 ? 'findings' : 'inconclusive';
  const [bad] = tried.filter(o => !isGood(o));
  return { status, headline: bad === undefined ? what : `${what}: ${whyBad(bad)}`, exitCode, causes: [] };
}

function whyBad(observation: Observation): string {
  if (observation.outcome === 'challenged') return 'no credentials were given (--secret-file, --user, --api)';
  return describeObservation(observation);
}
