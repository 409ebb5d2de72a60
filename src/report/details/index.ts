import type { Observation, ProbeName } from '../../model/observation.ts';
import type { Report } from '../../model/report.ts';
import { formatAddress } from '../../model/transport.ts';
import type { Style } from '../style.ts';
import { describeEndpoint } from './endpoint.ts';
import { describeIdentity } from './server-identity.ts';
import { describeAuth } from './turn-auth.ts';

type Describe<P extends ProbeName> = (observation: Extract<Observation, { probe: P }>) => readonly string[];

/** What a probe has to tell beyond its row in the matrix. */
const DETAILS: { readonly [P in ProbeName]?: Describe<P> } = {
  'server-identity': describeIdentity,
  'turn-auth': describeAuth,
};

/** The findings of single probes, under the server they belong to; first those about the credential endpoint. */
export function renderDetails(
  { observations, endpoint }: Pick<Report, 'observations' | 'endpoint'>,
  { chalk }: Style,
): string[] {
  const blocks = new Map<string, readonly string[]>();
  if (endpoint) blocks.set(endpoint.url, describeEndpoint(endpoint));
  for (const observation of observations) {
    const describe = DETAILS[observation.probe] as ((o: Observation) => readonly string[]) | undefined;
    const lines = describe?.(observation) ?? [];
    if (lines.length === 0 || observation.server === undefined) continue;
    const label = `${observation.transport} ${formatAddress(observation.server)}`;
    blocks.set(label, [...(blocks.get(label) ?? []), ...lines]);
  }
  return [...blocks].flatMap(([label, lines]) => [chalk.bold(label), ...lines.map(line => `  ${line}`)]);
}
