import unknownAttributeIgnored from '../../../src/rules/listener/unknown-attribute-ignored.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { binding, conformance } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(unknownAttributeIgnored, {
  passes: [
    { name: '420 that names it', facts: wireAlone.seeing(conformance()) },
    { name: 'silence', facts: wireAlone.seeing(conformance({ unknownAttribute: { answer: null } })) },
  ],
  fails: [
    {
      name: 'success',
      facts: wireAlone.seeing(conformance({ unknownAttribute: { answer: 'success' } })),
      message: /203\.0\.113\.10:3478\/udp answers .* as if it had none/,
      severity: 'info',
    },
    {
      name: '420 that does not say which',
      facts: wireAlone.seeing(conformance({ unknownAttribute: { answer: 420, unknownAttributes: [3] } })),
      message: /does not say which/,
    },
  ],
  skips: [{ name: 'not asked', facts: wireAlone.seeing(binding()) }],
});
