import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { hostOf } from '../uri-host.ts';
import { outcomeText } from '../wire-evidence.ts';

export default defineRule({
  id: 'dns/name-unresolved',
  meta: {
    title: 'The server name does not resolve',
    effect: 'No client finds the server',
    why: 'Without an address nothing is sent. Browsers report error 701 within a few tenths of a second.',
    remedy: 'Create or correct the A and AAAA records of the name, or use the name that has them.',
    severity: 'error',
    references: ['RFC 7065 §3.2'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const lookups = observed(wire.observations, 'dns');
    if (lookups.length === 0) return { skip: 'no name was looked up' };
    const failures = lookups.filter(({ outcome }) => outcome === 'unresolved');
    const byHost = new Map(failures.map(lookup => [hostOf(lookup.uri), lookup]));
    return [...byHost].map(([host, lookup]) => ({
      message: `${host} does not resolve to any address`,
      evidence: outcomeText(lookup),
      remedy: `Compare with dig +short ${host} A and AAAA on another network; a record that exists there points at the resolver here.`,
    }));
  },
});
