import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { classifyIp, type IpClass, parseIp } from '../../util/ip.ts';
import { endpointOf } from '../wire-evidence.ts';

const INSIDE: ReadonlySet<IpClass | undefined> = new Set([
  'private',
  'shared',
  'unique-local',
  'link-local',
  'loopback',
]);

const classOf = (ip: string): IpClass | undefined => {
  const parsed = parseIp(ip);
  return parsed ? classifyIp(parsed) : undefined;
};

export default defineRule({
  id: 'nat/tested-from-inside',
  meta: {
    title: 'The server sees a private address of this client',
    why: 'It was asked at its public address, and yet the packets reach it from a private one: through a NAT that leads back inside, or through a container proxy that hides every client. From inside, a good result says nothing about users.',
    remedy:
      'Probe from another network. If that shows a private address too, the server hides its clients: run the container with host networking, or switch docker-proxy (userland-proxy) off.',
    severity: 'info',
    references: ['RFC 4787 §6'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    if (wire.vantage === 'server-host') return { skip: 'the server was asked from its own host' };
    const answered = observed(wire.observations, 'stun-binding').filter(o => o.outcome === 'answered');
    const asked = answered.filter(({ server }) => server && classOf(server.ip) === 'public');
    if (asked.length === 0) return { skip: 'no server answered at a public address' };
    return asked.flatMap(binding => {
      const { ip } = binding.mappedAddress;
      const kind = classOf(ip);
      if (!INSIDE.has(kind)) return [];
      return [
        {
          message: `${endpointOf(binding)} sees this client as ${ip}, a ${kind} address`,
          evidence: `XOR-MAPPED-ADDRESS ${ip}; the own address is ${binding.localAddress.ip}`,
        },
      ];
    });
  },
});
