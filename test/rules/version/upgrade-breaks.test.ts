import rule from '../../../src/rules/version/upgrade-breaks.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const asked = fileAlone.with({ upgrade: { to: '4.18.0' } });

ruleTester(rule, {
  passes: [
    { name: 'a sound file', facts: asked },
    { name: 'a value from a template', facts: asked.adding('min-port={{ port }}') },
    { name: 'another program', facts: asked.withConfig('eturnal:', 'hostname:', 'relay_min_port:') },
  ],
  fails: [
    {
      name: 'a port with other text behind it',
      facts: asked.removing('min-port').adding('min-port=50000x'),
      severity: 'error',
      message: /^From 4\.13\.0 on, coturn exits: "50000x" is no port/,
      evidence: /min-port=50000x/,
      remedy: /^Write min-port=50000,/,
      option: 'min-port',
      line: 21,
      count: 1,
    },
  ],
  skips: [{ name: 'nobody asks', facts: fileAlone }],
});
