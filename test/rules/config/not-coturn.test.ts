import rule from '../../../src/rules/config/not-coturn.ts';
import { fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a sound file', facts: fileAlone },
    { name: 'an empty file', facts: fileAlone.withConfig('') },
    {
      name: 'spelling mistakes',
      facts: fileAlone.withConfig('listenling-ip=0.0.0.0', 'relm=x', 'min_port=1'),
    },
    { name: 'one strange line', facts: fileAlone.withConfig('ice-check-interval=25') },
  ],
  fails: [
    {
      name: 'shell commands',
      facts: fileAlone.withConfig(
        'sudo apt install coturn',
        'sudo systemctl start coturn',
        'openssl rand -hex 32',
      ),
      message: /shell commands/,
      count: 1,
    },
    {
      name: 'YAML of eturnal',
      facts: fileAlone.withConfig('eturnal:', '  secret: "x"', '  listen:', '    -', '      port: 3478'),
      message: /eturnal/,
    },
    {
      name: 'shell variables, one line',
      facts: fileAlone.withConfig('TURNSERVER_ENABLED=1'),
      message: /variables/,
    },
    {
      name: 'UTF-16',
      facts: fileAlone.withConfig('\u0000r\u0000e\u0000a\u0000l\u0000m\u0000=\u0000x\u0000y'),
      message: /UTF-16/,
    },
  ],
  skips: [{ name: 'no file', facts: wireAlone, reason: 'no config' }],
});
