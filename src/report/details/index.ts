import { likelyRelease } from '../../config/version-signs.ts';
import type { Observation, ProbeName } from '../../model/observation.ts';
import { formatAddress } from '../../model/transport.ts';
import type { Style } from '../style.ts';
import { wrap } from '../text.ts';
import { describeDiscovery } from './dns-discovery.ts';
import { describeNat } from './nat-behaviour.ts';
import { describeIdentity } from './server-identity.ts';
import { describeBinding } from './stun-binding.ts';
import { describeConformance } from './stun-conformance.ts';
import { describePorts } from './stun-ports.ts';
import { describeSeries } from './stun-series.ts';

type Describe<P extends ProbeName> = (observation: Extract<Observation, { probe: P }>) => readonly string[];

/** What a probe has to tell beyond its row in the matrix. */
const DETAILS: { readonly [P in ProbeName]?: Describe<P> } = {
  'dns-discovery': describeDiscovery,
  'nat-behaviour': describeNat,
  'server-identity': describeIdentity,
  'stun-binding': describeBinding,
  'stun-conformance': describeConformance,
  'stun-ports': describePorts,
  'stun-series': describeSeries,
};

/** The findings of single probes, under the server they belong to. */
export function renderDetails(
  observations: readonly Observation[],
  width: number,
  { chalk }: Style,
): string[] {
  const blocks = new Map<string, string[]>();
  for (const observation of observations) {
    const describe = DETAILS[observation.probe] as ((o: Observation) => readonly string[]) | undefined;
    const lines = describe?.(observation) ?? [];
    if (lines.length === 0) continue;
    const label = labelOf(observation);
    blocks.set(label, [...(blocks.get(label) ?? []), ...lines]);
  }
  const release = likelyRelease(observations);
  if (release !== undefined) blocks.set('Likely release', [release]);
  return [...blocks].flatMap(([label, lines]) => [
    chalk.bold(label),
    ...lines.flatMap(line => indented(line, width)),
  ]);
}

const labelOf = ({ transport, server, uri }: Observation): string =>
  server === undefined ? `Records of ${uri.split(':')[1]}` : `${transport} ${formatAddress(server)}`;

/** What a line begins with stays; its continuations stand two columns further in. */
function indented(line: string, width: number): string[] {
  const margin = `  ${/^ */.exec(line)?.[0] ?? ''}`;
  return wrap(line, width - margin.length - 2).map((part, i) => `${margin}${i === 0 ? '' : '  '}${part}`);
}
