import rule from '../../../src/rules/firewall/relay-range-closed.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { dataPath } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { both, wallWith } from './verdicts.ts';

const onHost = deployment.without('wire');
const lost = { outcome: 'lost', waitedMs: 1000, sent: 3 } as const;

const partlyByRule = wallWith([]).inbound.flatMap(it => [
  { ...it, to: 49_999 },
  { ...it, from: 50_000, by: 'inet filter input: udp dport 50000-65535 drop' },
]);

ruleTester(rule, {
  passes: [
    { name: 'no firewall', facts: onHost },
    { name: 'the range is let in', facts: onHost.with({ firewall: wallWith(both('udp', 49_152, 65_535)) }) },
    {
      name: 'no relaying over UDP',
      facts: onHost.adding('no-udp-relay').with({ firewall: wallWith([]) }),
    },
    { name: 'data goes both ways', facts: wireAlone.seeing(dataPath()) },
    {
      name: 'nothing goes out either: not the inbound firewall',
      facts: wireAlone.seeing(dataPath({ inbound: lost, outbound: lost })),
    },
  ],
  fails: [
    {
      name: 'the whole range is shut',
      facts: onHost.with({ firewall: wallWith(both('udp', 3478)) }),
      message: 'the relay range 49152-65535/udp is shut for IPv4',
      evidence: 'inet filter input: policy drop',
      remedy: 'nft add rule inet filter input udp dport 49152-65535 accept',
      option: 'min-port',
      severity: 'error',
      count: 1,
    },
    {
      name: 'the firewall opens another range than the configured one',
      facts: onHost
        .removing('min-port', 'max-port')
        .adding('min-port=50000', 'max-port=50500')
        .with({
          firewall: wallWith(both('udp', 49_152, 49_999), {
            manager: 'ufw',
            by: 'iptables -P INPUT DROP',
            chain: { tool: 'iptables', table: 'filter', chain: 'INPUT' },
          }),
        }),
      message: 'the relay range 50000-50500/udp is shut',
      remedy: 'ufw allow 50000:50500/udp',
    },
    {
      name: 'by a rule and by the policy: one command opens it all',
      facts: onHost.with({ firewall: { manager: 'nftables', inbound: partlyByRule } }),
      remedy: /^Run nft insert rule inet filter input udp dport 49152-65535 accept, and keep/,
    },
    {
      name: 'a part of it is shut',
      facts: onHost.with({ firewall: wallWith(both('udp', 49_152, 60_000)) }),
      message: '60001-65535/udp of the relay range 49152-65535 is shut',
    },
    {
      name: 'what peers send is lost',
      facts: wireAlone.seeing(dataPath({ inbound: lost })),
      message: 'to the relayed address 203.0.113.10:50123 does not come in',
      evidence: 'outbound passed, inbound lost (3 sent in 1000 ms)',
      remedy: 'Let the relay ports in over UDP',
    },
    {
      name: 'what peers send is lost behind an open firewall of the host',
      facts: deployment.seeing(dataPath({ inbound: lost })),
      remedy: 'Let 49152-65535 in over UDP',
    },
  ],
  skips: [{ name: 'no relaying was tried', facts: wireAlone.seeing() }],
});
