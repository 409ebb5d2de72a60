import rule from '../../../src/rules/version/upgrade-exposes.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const asked = fileAlone.with({ upgrade: { to: '4.18.0' } });

ruleTester(rule, {
  passes: [
    { name: 'a sound file', facts: asked },
    { name: 'another program', facts: asked.withConfig('eturnal:', 'hostname:', 'relay_min_port:') },
  ],
  fails: [
    {
      name: 'a release that ignores relay-threads',
      facts: asked.adding('relay-threads=4').with({ upgrade: { to: '4.9.0' } }),
      severity: 'warning',
      message: /^From 4\.8\.0 on, relay-threads is ignored/,
      remedy: /4\.14\.0 or later/,
      option: 'relay-threads',
    },
  ],
  skips: [{ name: 'nobody asks', facts: fileAlone }],
});
