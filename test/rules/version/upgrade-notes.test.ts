import rule from '../../../src/rules/version/upgrade-notes.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const asked = fileAlone.with({ upgrade: { to: '4.18.0' } });

ruleTester(rule, {
  passes: [
    {
      name: 'two releases that behave alike',
      facts: asked
        .asVersion('4.17.1')
        .with({ upgrade: { to: '4.17.2' } })
        .adding(
          'denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
          'denied-peer-ip=0.0.0.0-255.255.255.255',
        ),
    },
    { name: 'another program', facts: asked.withConfig('eturnal:', 'hostname:', 'relay_min_port:') },
  ],
  fails: [
    {
      name: 'lines without effect, log lines, answers',
      facts: asked,
      severity: 'info',
      message: /^From 4\.6\.2 on/,
      evidence: /(?:)/,
    },
  ],
  skips: [{ name: 'nobody asks', facts: fileAlone }],
});
