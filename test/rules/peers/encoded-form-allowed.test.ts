import type { ReachedPeer } from '../../../src/model/observations/peer-reach.ts';
import rule from '../../../src/rules/peers/encoded-form-allowed.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { complete } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const reached = (answers: Readonly<Record<string, ReachedPeer['createPermission']>>) =>
  wireAlone.seeing(
    complete('peer-reach', {
      peers: Object.entries(answers).map(([ip, answer]) => ({
        ip,
        kind: 'x',
        createPermission: answer,
        channelBind: answer,
      })),
      notAsked: [],
    }),
  );

ruleTester(rule, {
  passes: [
    { name: 'both refused', facts: reached({ '127.0.0.1': 403, '::ffff:127.0.0.1': 403 }) },
    {
      name: 'both allowed: another matter',
      facts: reached({ '10.0.0.1': 'allowed', '::ffff:10.0.0.1': 'allowed' }),
    },
    { name: 'silence', facts: reached({ '127.0.0.1': null, '::ffff:127.0.0.1': 'allowed' }) },
  ],
  fails: [
    {
      name: 'mapped',
      facts: reached({ '127.0.0.1': 403, '::ffff:127.0.0.1': 'allowed' }),
      evidence: /CreatePermission for 127\.0\.0\.1 refused, for ::ffff:127\.0\.0\.1 granted/,
    },
    {
      name: 'NAT64',
      facts: reached({ '10.0.0.1': 403, '64:ff9b::a00:1': 'allowed' }),
      message: /64:ff9b::a00:1/,
    },
  ],
  skips: [
    { name: 'nothing was asked', facts: wireAlone, reason: /probe peers/ },
    { name: 'IPv4 alone', facts: reached({ '127.0.0.1': 403 }), reason: /IPv6/ },
  ],
});
