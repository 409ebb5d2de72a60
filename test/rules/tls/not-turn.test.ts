import rule from '../../../src/rules/tls/not-turn.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { handshake, refused, silence, tlsSurvey, tlsSurveyFailed } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [{ name: 'a TURN server', facts: wireAlone.seeing(tlsSurvey()) }],
  fails: [
    {
      name: 'a web server',
      facts: wireAlone.seeing(
        tlsSurvey({ inside: { outcome: 'invalid-response', problem: 'HTTP, not STUN' } }),
      ),
      message: /203\.0\.113\.10:5349\/tls finishes .* answers a TURN request in another protocol$/,
      evidence: 'HTTP, not STUN',
      severity: 'error',
    },
    {
      name: 'a proxy that waits',
      facts: wireAlone.seeing(tlsSurvey({ inside: silence })),
      message: /does not answer/,
    },
    {
      name: 'one that hangs up',
      facts: wireAlone.seeing(tlsSurvey({ inside: { outcome: 'closed', error: 'end of stream' } })),
      message: /hangs up/,
      evidence: 'end of stream',
    },
  ],
  skips: [
    { name: 'not asked', facts: wireAlone.seeing(handshake()), reason: 'turnctl probe tls' },
    { name: 'a closed port', facts: wireAlone.seeing(tlsSurveyFailed(refused)) },
    {
      name: 'no handshake to ask through',
      facts: wireAlone.seeing(tlsSurvey({ inside: { outcome: 'tls-failed', error: 'alert 40' } })),
    },
  ],
});
