import rule from '../../../src/rules/listener/malformed-stops.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { complete } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const sent = (aliveAfter: boolean) =>
  wireAlone.seeing(
    complete('malformed-requests', { messages: [{ defect: 'cut off', answer: 'silence' }], aliveAfter }),
  );

ruleTester(rule, {
  passes: [{ name: 'alive', facts: sent(true) }],
  fails: [
    { name: 'silent', facts: sent(false), evidence: /cut off: silence; then silence/, severity: 'error' },
  ],
  skips: [{ name: 'not sent', facts: wireAlone, reason: /probe peers/ }],
});
