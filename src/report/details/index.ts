import { likelyRelease } from '../../config/version-signs.ts';
import type { Observation, ProbeName } from '../../model/observation.ts';
import type { Report } from '../../model/report.ts';
import { formatAddress } from '../../model/transport.ts';
import type { Style } from '../style.ts';
import { wrap } from '../text.ts';
import { describeChallengeLimit } from './challenge-limit.ts';
import { describeDiscovery } from './dns-discovery.ts';
import { describeEndpoint } from './endpoint.ts';
import { describeLoadAllocations, describeLoadRelay } from './load.ts';
import { describeMalformed } from './malformed-requests.ts';
import { describeManagement } from './management-ports.ts';
import { describeNat } from './nat-behaviour.ts';
import { describePeerReach } from './peer-reach.ts';
import { describeIdentity } from './server-identity.ts';
import { describeBinding } from './stun-binding.ts';
import { describeConformance } from './stun-conformance.ts';
import { describePorts } from './stun-ports.ts';
import { describeSeries } from './stun-series.ts';
import { describeHandshake } from './tls-handshake.ts';
import { describeSurvey } from './tls-survey.ts';
import { describeAuth } from './turn-auth.ts';
import { describeUnauthenticated } from './unauthenticated-answers.ts';

/** `now`: milliseconds since 1970 at which it was observed. */
type Describe<P extends ProbeName> = (
  observation: Extract<Observation, { probe: P }>,
  now: number,
) => readonly string[];

/** What a probe has to tell beyond its row in the matrix. */
const DETAILS: { readonly [P in ProbeName]?: Describe<P> } = {
  'challenge-limit': describeChallengeLimit,
  'dns-discovery': describeDiscovery,
  'load-allocations': describeLoadAllocations,
  'load-relay': describeLoadRelay,
  'malformed-requests': describeMalformed,
  'management-ports': describeManagement,
  'nat-behaviour': describeNat,
  'peer-reach': describePeerReach,
  'server-identity': describeIdentity,
  'stun-binding': describeBinding,
  'stun-conformance': describeConformance,
  'stun-ports': describePorts,
  'stun-series': describeSeries,
  'tls-handshake': describeHandshake,
  'tls-survey': describeSurvey,
  'turn-auth': describeAuth,
  'unauthenticated-answers': describeUnauthenticated,
};

/** The findings of single probes, under the server they belong to; first those about the credential endpoint. */
export function renderDetails(
  { observations, endpoint, observedAt }: Pick<Report, 'observations' | 'endpoint' | 'observedAt'>,
  width: number,
  { chalk }: Style,
): string[] {
  const blocks = new Map<string, readonly string[]>();
  if (endpoint) blocks.set(endpoint.url, describeEndpoint(endpoint));
  for (const observation of observations) {
    const describe = DETAILS[observation.probe] as
      | ((o: Observation, now: number) => readonly string[])
      | undefined;
    const lines = describe?.(observation, Date.parse(observedAt)) ?? [];
    if (lines.length === 0) continue;
    const label = labelOf(observation);
    blocks.set(label, [...(blocks.get(label) ?? []), ...lines]);
  }
  const release = likelyRelease(observations);
  if (release !== undefined) blocks.set('Likely release', [release]);
  return [...blocks].flatMap(([label, lines]) => [
    chalk.bold(label),
    ...lines.flatMap(line => fitted(`  ${line}`, width)),
  ]);
}

const labelOf = ({ transport, server, uri }: Observation): string =>
  server === undefined ? `Records of ${uri.split(':')[1]}` : `${transport} ${formatAddress(server)}`;

/** A line as it is where it fits, since it may be a row of a table; else wrapped under its own indentation. */
function fitted(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = line.length - line.trimStart().length;
  return wrap(line, width - indent - 2).map((text, i) => ' '.repeat(i === 0 ? indent : indent + 2) + text);
}
