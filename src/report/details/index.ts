import type { Observation, ProbeName } from '../../model/observation.ts';
import { formatAddress } from '../../model/transport.ts';
import type { Style } from '../style.ts';
import { describeChallengeLimit } from './challenge-limit.ts';
import { describeLoadAllocations, describeLoadRelay } from './load.ts';
import { describeMalformed } from './malformed-requests.ts';
import { describeManagement } from './management-ports.ts';
import { describePeerReach } from './peer-reach.ts';
import { describeIdentity } from './server-identity.ts';
import { describeUnauthenticated } from './unauthenticated-answers.ts';

type Describe<P extends ProbeName> = (observation: Extract<Observation, { probe: P }>) => readonly string[];

/** What a probe has to tell beyond its row in the matrix. */
const DETAILS: { readonly [P in ProbeName]?: Describe<P> } = {
  'challenge-limit': describeChallengeLimit,
  'load-allocations': describeLoadAllocations,
  'load-relay': describeLoadRelay,
  'malformed-requests': describeMalformed,
  'management-ports': describeManagement,
  'peer-reach': describePeerReach,
  'server-identity': describeIdentity,
  'unauthenticated-answers': describeUnauthenticated,
};

/** The findings of single probes, under the server they belong to. */
export function renderDetails(observations: readonly Observation[], { chalk }: Style): string[] {
  const blocks = new Map<string, string[]>();
  for (const observation of observations) {
    const describe = DETAILS[observation.probe] as ((o: Observation) => readonly string[]) | undefined;
    const lines = describe?.(observation) ?? [];
    if (lines.length === 0 || observation.server === undefined) continue;
    const label = `${observation.transport} ${formatAddress(observation.server)}`;
    blocks.set(label, [...(blocks.get(label) ?? []), ...lines]);
  }
  return [...blocks].flatMap(([label, lines]) => [chalk.bold(label), ...lines.map(line => `  ${line}`)]);
}
