import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { classifyIp, parseIp } from '../../util/ip.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'listener/management-reachable',
  meta: {
    title: 'A management port answers from here',
    why: "coturn's command line, web administration and statistics show users and sessions, and the first two change them. From the Internet they are a target.",
    remedy:
      'Bind them to 127.0.0.1 (cli-ip, web-admin-ip, prometheus-address), or close the port in the firewall.',
    severity: 'warning',
    references: ['CVE-2018-4056'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const looked = observed(wire.observations, 'management-ports').filter(o => o.outcome === 'complete');
    if (looked.length === 0) return { skip: 'the management ports were not tried (turnctl probe peers)' };
    const remote = looked.filter(({ server }) => {
      const ip = server && parseIp(server.ip);
      return ip && classifyIp(ip) !== 'loopback';
    });
    if (remote.length === 0) return { skip: 'seen from the server itself, where they may be open' };
    return remote.flatMap(observation => {
      const open = observation.ports.filter(({ state }) => state === 'open');
      if (open.length === 0) return [];
      return [
        {
          message: `${open.map(({ port, purpose }) => `Port ${port}, ${purpose},`).join(' and ')} can be connected to from here`,
          evidence: `${endpointOf(observation)}: TCP connections to ${open.map(({ port }) => port).join(', ')} were accepted`,
        },
      ];
    });
  },
});
