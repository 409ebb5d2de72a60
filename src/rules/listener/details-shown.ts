import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { classifyIp, parseIp } from '../../util/ip.ts';
import { endpointOf } from '../wire-evidence.ts';

const INTERNAL_NAME = /(?:^localhost$|\.(?:local|localdomain|internal|lan|home|corp|intranet)$)/i;
const PRIVATE = new Set(['private', 'shared', 'link-local', 'unique-local', 'loopback']);

export default defineRule({
  id: 'listener/details-shown',
  meta: {
    title: 'The server tells strangers more than they need',
    why: 'Version, internal names and private addresses are in answers that need no credentials: they tell an attacker which advisories apply, and what the network inside looks like.',
    remedy:
      'Set no-software-attribute, a public realm, and external-ip or no-rfc5780 so that no private address is sent.',
    severity: 'info',
    references: ['RFC 8489 §14.14', 'RFC 8489 §16'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const told = observed(wire.observations, 'unauthenticated-answers').filter(o => o.outcome === 'complete');
    if (told.length === 0) return { skip: 'nothing was asked without credentials (turnctl probe peers)' };
    return told.flatMap(observation => {
      const { software, realm, addresses, server } = observation;
      const isInside = (ip: string) => {
        const parsed = parseIp(ip);
        return parsed !== null && PRIVATE.has(classifyIp(parsed)) && ip !== server?.ip;
      };
      const shown = [
        software !== undefined && /\d/.test(software) && `SOFTWARE "${software}"`,
        realm !== undefined && INTERNAL_NAME.test(realm) && `realm "${realm}"`,
        ...addresses.filter(({ ip }) => isInside(ip)).map(({ ip }) => `the private address ${ip}`),
      ].filter(item => typeof item === 'string');
      if (shown.length === 0) return [];
      return [
        {
          message: `Answers to anybody hold ${shown.join(', ')}`,
          evidence: `${endpointOf(observation)}: ${shown.join(', ')} without credentials`,
        },
      ];
    });
  },
});
