import legacyStunAnswered from '../../../src/rules/listener/legacy-stun-answered.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { binding, conformance } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const answered = (responseBytes: number) =>
  conformance({ legacy: { answered: true, requestBytes: 20, responseBytes } });

ruleTester(legacyStunAnswered, {
  passes: [
    { name: 'silence', facts: wireAlone.seeing(conformance()) },
    { name: 'a short answer, as of coturn 4.7.0', facts: wireAlone.seeing(answered(32)) },
  ],
  fails: [
    {
      name: 'coturn 4.6.1 as it comes',
      facts: wireAlone.seeing(answered(84)),
      message: /with 4\.2 times their size/,
      evidence: '20 bytes without the magic cookie, 84 bytes back',
      severity: 'info',
    },
  ],
  skips: [{ name: 'not asked', facts: wireAlone.seeing(binding()) }],
});
