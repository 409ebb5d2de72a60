import addressUnanswered from '../../../src/rules/dns/address-unanswered.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import {
  allocated,
  allocateFailed,
  binding,
  bindingFailed,
  refused,
  silence,
} from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const uri = 'turn:turn.example.org:3478?transport=udp';
const ipv4 = { ...binding(), uri };
const ipv6 = { ...binding({ ip: '2001:db8::10' }), uri };
const ipv6Silent = { ...bindingFailed(silence, { ip: '2001:db8::10' }), uri };

ruleTester(addressUnanswered, {
  passes: [
    { name: 'both addresses answer', facts: wireAlone.seeing(ipv4, ipv6) },
    {
      name: 'no-stun: Allocate answers on the address',
      facts: wireAlone.seeing(ipv4, ipv6Silent, { ...allocated({}, { ip: '2001:db8::10' }), uri }),
    },
    {
      name: 'we have no route to it',
      facts: wireAlone.seeing(ipv4, {
        ...bindingFailed({ outcome: 'unreachable', error: 'ENETUNREACH' }, { ip: '2001:db8::10' }),
        uri,
      }),
    },
    {
      name: 'nothing answers at all, which is another fault',
      facts: wireAlone.seeing({ ...bindingFailed(silence), uri }, ipv6Silent),
    },
  ],
  fails: [
    {
      name: 'the AAAA record leads nowhere',
      facts: wireAlone.seeing(ipv4, ipv6Silent),
      message:
        '[2001:db8::10]:3478, from the AAAA record of turn:turn.example.org:3478?transport=udp, does not answer over udp, while 203.0.113.10 does',
      evidence: 'Binding: silent (5 requests in 4 s)',
      remedy: /remove the AAAA record 2001:db8::10/,
      severity: 'warning',
    },
    {
      name: 'one of two A records is refused',
      facts: wireAlone.seeing(ipv4, { ...allocateFailed(refused, { ip: '203.0.113.11' }), uri }),
      message: /^203\.0\.113\.11:3478, from the A record/,
    },
  ],
  skips: [{ name: 'one address', facts: wireAlone.seeing(ipv4) }],
});
