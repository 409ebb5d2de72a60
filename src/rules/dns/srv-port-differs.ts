import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { hasAnswer } from '../wire-evidence.ts';

export default defineRule({
  id: 'dns/srv-port-differs',
  meta: {
    title: 'SRV records name another port than the one that answers',
    why: 'Clients that ask for SRV records and those that take the usual port end at different listeners: what is tested with the one says nothing about the other.',
    remedy: 'Give the port of the SRV record in the URIs of the other clients too, or correct the record.',
    severity: 'info',
    references: ['RFC 5928 §3', 'RFC 7065 §3.1'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const discovered = observed(wire.observations, 'dns-discovery').flatMap(o =>
      o.outcome === 'complete'
        ? o.records.flatMap(record => record.targets.map(target => ({ o, record, target })))
        : [],
    );
    if (discovered.length === 0) {
      return { skip: 'the domain has no SRV or NAPTR records, or was not asked for them' };
    }
    return discovered.flatMap(({ o, record, target }) => {
      const own = wire.observations.filter(
        other =>
          other.uri.startsWith(`turn:${o.domain}:`) &&
          hasAnswer(other) &&
          other.probe !== 'dns-discovery' &&
          other.transport === (target.uri.endsWith('tcp') ? 'tcp' : 'udp') &&
          /^turn:/.test(target.uri),
      );
      const [answering] = own;
      if (answering?.server === undefined || answering.server.port === target.port) return [];
      return [
        {
          message: `${record.name} names port ${target.port}, and ${o.domain} answers on port ${answering.server.port} too`,
          evidence: `${record.type}: ${target.uri}; also answering: ${answering.uri}`,
        },
      ];
    });
  },
});
