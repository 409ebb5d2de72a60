import type { Problem } from '../../model/finding.ts';
import type { Observation } from '../../model/observation.ts';
import { observed } from '../../model/observation.ts';
import type { DiscoveredRecord } from '../../model/observations/dns-discovery.ts';
import { defineRule } from '../../model/rule.ts';
import { hasAnswer, outcomeText } from '../wire-evidence.ts';

export default defineRule({
  id: 'dns/srv-target-unanswered',
  meta: {
    title: 'An SRV or NAPTR record leads to nothing',
    effect: 'Clients that find the server by its domain wait, or fail',
    why: 'Browsers take URIs and never ask for SRV records; telephones, gateways and native clients do. A record that outlived a move shows in their calls alone.',
    remedy: 'Correct the record, or remove it.',
    severity: 'warning',
    references: ['RFC 5928 §3', 'RFC 8489 §8', 'RFC 2782'],
    explainedBy: ['service/not-running', 'service/second-instance'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const records = observed(wire.observations, 'dns-discovery').flatMap(o =>
      o.outcome === 'complete' ? o.records : [],
    );
    if (records.every(({ targets }) => targets.length === 0)) {
      const failed = records.find(({ error }) => error !== undefined);
      return {
        skip: failed
          ? `the resolver does not answer for ${failed.name}: ${failed.error}`
          : 'the domain has no SRV or NAPTR records, or was not asked for them',
      };
    }
    return records.flatMap(record =>
      record.targets.flatMap(target => stale(record, target, wire.observations)),
    );
  },
});

function stale(
  { type, name }: DiscoveredRecord,
  { host, port, uri }: DiscoveredRecord['targets'][number],
  observations: readonly Observation[],
): Problem[] {
  const about = observations.filter(o => o.uri === uri && o.probe !== 'dns-discovery');
  const where = `${name} (${type}) leads to ${host}, port ${port}`;
  const unresolved = about.find(({ outcome }) => outcome === 'unresolved');
  if (unresolved)
    return [{ message: `${where}, and that name does not resolve`, evidence: outcomeText(unresolved) }];
  const asked = about.filter(({ probe }) => probe !== 'dns');
  const [first] = asked;
  // `unreachable` is our own lack of a route.
  if (first === undefined || asked.some(hasAnswer) || first.outcome === 'unreachable') return [];
  return [
    { message: `${where}, where nothing answers over ${first.transport}`, evidence: outcomeText(first) },
  ];
}
