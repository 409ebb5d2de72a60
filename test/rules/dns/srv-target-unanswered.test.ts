import srvTargetUnanswered from '../../../src/rules/dns/srv-target-unanswered.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { binding, bindingFailed, discovery, lookup, silence, srvRecord } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const record = srvRecord('example.org', 'old.example.org', 3478);
const uri = 'turn:old.example.org:3478?transport=udp';

ruleTester(srvTargetUnanswered, {
  passes: [
    {
      name: 'the target answers',
      facts: wireAlone.seeing(discovery('example.org', record), { ...binding(), uri }),
    },
    {
      name: 'we have no route to it',
      facts: wireAlone.seeing(discovery('example.org', record), {
        ...bindingFailed({ outcome: 'unreachable', error: 'ENETUNREACH' }),
        uri,
      }),
    },
  ],
  fails: [
    {
      name: 'the target is silent',
      facts: wireAlone.seeing(discovery('example.org', record), { ...bindingFailed(silence), uri }),
      message:
        '_turn._udp.example.org (SRV) leads to old.example.org, port 3478, where nothing answers over udp',
      severity: 'warning',
    },
    {
      name: 'the target is silent, and answers on another port',
      facts: wireAlone.seeing(
        discovery('example.org', record),
        { ...bindingFailed(silence), uri },
        {
          ...binding(),
          uri,
          probe: 'stun-ports',
          outcome: 'complete',
          ports: [{ port: 5349, transport: 'tls', result: 'answered' }],
        },
      ),
    },
    {
      name: 'the target has no address',
      facts: wireAlone.seeing(discovery('example.org', record), lookup('old.example.org')),
      message: /that name does not resolve/,
    },
  ],
  skips: [
    { name: 'no records', facts: wireAlone.seeing(discovery('example.org'), binding()) },
    {
      name: 'the resolver is dead',
      facts: wireAlone.seeing(
        discovery('example.org', {
          type: 'SRV',
          name: '_turn._udp.example.org',
          error: 'ETIMEOUT',
          targets: [],
        }),
      ),
      reason: /does not answer for _turn\._udp\.example\.org: ETIMEOUT/,
    },
    { name: 'not asked', facts: wireAlone.seeing(binding()) },
  ],
});
