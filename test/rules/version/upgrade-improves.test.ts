import rule from '../../../src/rules/version/upgrade-improves.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const asked = fileAlone.with({ upgrade: { to: '4.18.0' } });

ruleTester(rule, {
  passes: [
    {
      name: 'two releases that behave alike',
      facts: asked.asVersion('4.14.0').with({ upgrade: { to: '4.14.0' } }),
    },
    { name: 'another program', facts: asked.withConfig('eturnal:', 'hostname:', 'relay_min_port:') },
  ],
  fails: [
    {
      name: 'faults that are mended',
      facts: asked,
      severity: 'info',
      message: /^From 4\.6\.2 on, the TLS listener speaks TLS 1\.3/,
      evidence: /(?:)/,
    },
  ],
  skips: [{ name: 'nobody asks', facts: fileAlone }],
});
