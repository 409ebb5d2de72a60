import rule from '../../../src/rules/firewall/listening-port-closed.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import {
  allocated,
  allocateFailed,
  binding,
  bindingFailed,
  refused,
  silence,
} from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { both, wallWith } from './verdicts.ts';

const turn = [...both('udp', 3478), ...both('tcp', 3478), ...both('tcp', 5349)];
const relay = both('udp', 49_152, 65_535);
const onHost = deployment.without('wire');
const ufw = {
  manager: 'ufw',
  by: 'iptables -P INPUT DROP',
  chain: { tool: 'iptables', table: 'filter', chain: 'INPUT' },
} as const;
const firewalld = {
  manager: 'firewalld',
  by: 'inet firewalld filter_IN_public: reject with icmpx admin-prohibited',
  chain: { tool: 'nft', table: 'inet firewalld', chain: 'filter_INPUT' },
} as const;
const tcp = { transport: 'tcp' } as const;

ruleTester(rule, {
  passes: [
    { name: 'no firewall', facts: onHost },
    { name: 'the listening ports are let in', facts: onHost.with({ firewall: wallWith(turn) }) },
    {
      name: 'IPv6 is shut on a host that listens on an IPv4 address',
      facts: onHost.with({ firewall: wallWith(turn.filter(({ family }) => family === 'ipv4')) }),
    },
    {
      name: 'TLS is shut where there is no certificate',
      facts: onHost
        .removing('cert', 'pkey')
        .with({ firewall: wallWith([...both('udp', 3478), ...both('tcp', 3478)]) }),
    },
    {
      name: 'the listener is on loopback',
      facts: onHost
        .removing('listening-ip')
        .adding('listening-ip=127.0.0.1')
        .with({ firewall: wallWith([]) }),
    },
    {
      name: 'refused is no firewall: nobody listens',
      facts: wireAlone.seeing(bindingFailed(refused), allocated({}, tcp)),
    },
    {
      name: 'no-stun: Binding is silent, Allocate is answered',
      facts: wireAlone.seeing(bindingFailed(silence), allocated()),
    },
  ],
  fails: [
    {
      name: 'everything is shut by a policy of nftables',
      facts: onHost.with({ firewall: wallWith([]) }),
      message: '3478/udp (STUN and TURN over UDP) is shut for IPv4',
      evidence: 'inet filter input: policy drop',
      remedy: 'nft add rule inet filter input udp dport 3478 accept',
      option: 'listening-port',
      severity: 'error',
      count: 3,
    },
    {
      name: 'a rule shuts it: the new one goes in front',
      facts: onHost.with({ firewall: wallWith([], { by: 'inet filter input: udp dport 3000-4000 drop' }) }),
      remedy: 'nft insert rule inet filter input udp dport 3478 accept',
    },
    {
      name: 'ufw denies by default',
      facts: onHost.with({ firewall: wallWith([], ufw) }),
      evidence: 'iptables -P INPUT DROP',
      remedy: /^Run ufw allow 3478\/udp\.$/,
    },
    {
      name: 'a rule of ufw denies just this port: ufw changes it',
      facts: onHost.with({
        firewall: wallWith([], { ...ufw, by: 'iptables -A ufw-user-input -p udp --dport 3478 -j DROP' }),
      }),
      remedy: 'ufw allow 3478/udp',
    },
    {
      name: 'a rule of ufw denies more ports: the new one goes in front',
      facts: onHost.with({
        firewall: wallWith([], {
          ...ufw,
          by: 'iptables -A ufw-user-input -p udp -m multiport --dports 3000:4000 -j DROP',
        }),
      }),
      remedy: 'ufw prepend allow 3478/udp',
    },
    {
      name: 'firewalld',
      facts: onHost.with({ firewall: wallWith([], firewalld) }),
      remedy: 'firewall-cmd --add-port=3478/udp --permanent',
    },
    {
      name: 'firewalld, in the zone of the interface',
      facts: onHost.with({ firewall: wallWith([], { ...firewalld, zone: 'dmz' }) }),
      remedy: 'firewall-cmd --zone=dmz --add-port=3478/udp && ',
    },
    {
      name: 'iptables',
      facts: onHost.with({ firewall: wallWith([], { ...ufw, manager: 'iptables' }) }),
      remedy: 'iptables -I INPUT -p udp --dport 3478 -j ACCEPT, and keep',
    },
    {
      name: 'beside ufw, a table of somebody else shuts it',
      facts: onHost.with({ firewall: wallWith([], { manager: 'ufw' }) }),
      remedy: 'nft add rule inet filter input',
    },
    {
      name: 'only TCP is shut, which nobody is offered',
      facts: onHost
        .without('endpoint')
        .with({ firewall: wallWith([...both('udp', 3478), ...both('tcp', 5349), ...relay]) }),
      message: '3478/tcp (TURN over TCP)',
      severity: 'warning',
      count: 1,
    },
    {
      name: 'only TLS is shut',
      facts: onHost.with({ firewall: wallWith([...both('udp', 3478), ...both('tcp', 3478)]) }),
      message: '5349/tcp (TURN over TLS)',
      remedy: 'tcp dport 5349 accept',
      option: 'tls-listening-port',
      severity: 'error',
      count: 1,
    },
    {
      name: 'only IPv6 is shut, and the host has it',
      facts: onHost.removing('listening-ip').with({
        addresses: [
          { interface: 'eth0', ip: '203.0.113.10', prefixLength: 24, scope: 'global' },
          { interface: 'eth0', ip: '2001:db8::10', prefixLength: 64, scope: 'global' },
        ],
        firewall: wallWith(turn.filter(({ family }) => family === 'ipv4')),
      }),
      message: 'is shut for IPv6',
      severity: 'warning',
    },
    {
      name: 'UDP is silent while TCP answers',
      facts: wireAlone.seeing(bindingFailed(silence), allocateFailed(silence), allocated({}, tcp)),
      message:
        /^203\.0\.113\.10:3478\/udp is silent while 203\.0\.113\.10:3478\/tcp answers: a firewall drops it/,
      evidence: 'Binding: silent (5 requests in 4 s)',
      severity: 'error',
      count: 1,
    },
    {
      name: 'UDP is silent while TCP is refused: the host is there',
      facts: wireAlone.seeing(allocateFailed(silence), allocateFailed(refused, tcp)),
      message: 'is silent while',
    },
    {
      name: 'UDP is rejected while TCP answers',
      facts: wireAlone.seeing(
        bindingFailed({ outcome: 'unreachable', error: 'EHOSTUNREACH' }),
        allocated({}, tcp),
      ),
      message: '203.0.113.10:3478/udp is barred while',
    },
    {
      name: 'TCP is silent while UDP answers',
      facts: wireAlone.seeing(binding(), allocated(), allocateFailed(silence, tcp)),
      message: /^203\.0\.113\.10:3478\/tcp is silent/,
    },
    {
      name: 'the firewall of the host lets it in, and it is silent',
      facts: deployment.seeing(allocateFailed(silence), allocated({}, tcp)),
      message: 'something in front of the host does not',
    },
    {
      name: 'nothing answers at all',
      facts: wireAlone.seeing(bindingFailed(silence), allocateFailed(silence), allocateFailed(silence, tcp)),
      message: 'nothing comes back from 203.0.113.10: a firewall drops everything, or no such host is there',
      count: 1,
    },
  ],
  skips: [
    {
      name: 'from the server itself, without its firewall',
      facts: wireAlone.seeingFromHost(bindingFailed(silence)),
    },
  ],
});
