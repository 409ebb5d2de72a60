import rule from '../../../src/rules/version/upgrade-changes.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const asked = fileAlone.with({ upgrade: { to: '4.18.0' } });

ruleTester(rule, {
  passes: [
    {
      name: 'a file that asks for what the newer one does',
      facts: asked.adding('no-stun-backward-compatibility', 'no-dtls'),
    },
    { name: 'another program', facts: asked.withConfig('eturnal:', 'hostname:', 'relay_min_port:') },
  ],
  fails: [
    {
      name: 'DTLS, which must be asked for, and STUN of 2003',
      facts: asked,
      severity: 'warning',
      message: /RFC 3489/,
      remedy: /rfc3489-compatibility/,
      evidence: /(?:)/,
      count: 2,
    },
  ],
  skips: [{ name: 'nobody asks', facts: fileAlone }],
});
