import type { ReachedPeer } from '../../../src/model/observations/peer-reach.ts';
import rule from '../../../src/rules/peers/policy-differs.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { complete } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const reached = (ip: string, answer: ReachedPeer['createPermission']) =>
  complete('peer-reach', {
    peers: [{ ip, kind: 'x', createPermission: answer, channelBind: answer }],
    notAsked: [],
  });

ruleTester(rule, {
  passes: [
    { name: 'as the file says', facts: deployment.seeing(reached('10.0.0.1', 403)) },
    {
      name: 'allowed by a line',
      facts: deployment.withConfig('allowed-peer-ip=10.0.0.1').seeing(reached('10.0.0.1', 'allowed')),
    },
    { name: 'silence proves nothing', facts: deployment.seeing(reached('10.0.0.1', null)) },
    {
      name: 'more denied than by default',
      facts: wireAlone.asVersion('4.6.1').seeing(reached('10.0.0.1', 403)),
    },
  ],
  fails: [
    {
      name: 'allowed in spite of a line',
      facts: deployment.seeing(reached('10.0.0.1', 'allowed')),
      evidence: /10\.0\.0\.1 allowed/,
    },
    {
      name: 'refused without a line',
      facts: deployment.seeing(reached('203.0.113.77', 403)),
      evidence: /203\.0\.113\.77 403/,
    },
    {
      name: 'allowed in spite of the release',
      facts: wireAlone.asVersion('4.6.1').seeing(reached('127.0.0.1', 'allowed')),
      message: /defaults of coturn 4\.6\.1/,
    },
  ],
  skips: [{ name: 'nothing was asked', facts: deployment, reason: /probe peers/ }],
});
