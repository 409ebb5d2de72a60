import rule from '../../../src/rules/listener/secure-stun.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocated, bindingFailed, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'not set', facts: fileAlone },
    { name: 'nobody logs in, so it does nothing', facts: fileAlone.withConfig('secure-stun', 'no-auth') },
    { name: 'an answer', facts: wireAlone },
  ],
  fails: [
    {
      name: 'in the file',
      facts: fileAlone.adding('secure-stun'),
      severity: 'warning',
      option: 'secure-stun',
    },
    {
      name: 'on the wire',
      facts: wireAlone.seeing(bindingFailed(errorResponse(401))),
      evidence: /Binding: error 401/,
    },
    {
      name: 'both',
      facts: deployment.adding('secure-stun').seeing(bindingFailed(errorResponse(401))),
      evidence: /secure-stun; .*401/,
    },
  ],
  skips: [{ name: 'no Binding was sent', facts: wireAlone.seeing(allocated()) }],
});
