import rule from '../../../src/rules/config/no-effect.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a sound file', facts: fileAlone },
    {
      name: 'each beside what it needs',
      facts: fileAlone.adding('log-binding', 'rest-api-separator=:', 'web-admin', 'web-admin-port=8443'),
    },
    {
      name: 'a password of a CLI that is on by default',
      facts: fileAlone.removing('no-cli').adding('cli-password=Vb2mZk0sXe9R'),
    },
    {
      name: 'a CLI switched off on purpose',
      facts: fileAlone.adding('cli-password=Vb2mZk0sXe9R').asVersion('4.18.0'),
    },
    { name: 'a flag that is off', facts: fileAlone.removing('verbose').adding('log-binding=0') },
    { name: 'another program', facts: fileAlone.withConfig('eturnal:', 'hostname:', 'relay_min_port:') },
  ],
  fails: [
    {
      name: 'log-binding',
      facts: fileAlone.removing('verbose').adding('log-binding'),
      message: /log-binding.*needs verbose/,
      severity: 'info',
      count: 1,
    },
    {
      name: 'secure-stun',
      facts: fileAlone.removing('use-auth-secret', 'static-auth-secret').adding('secure-stun'),
      option: 'secure-stun',
    },
    {
      name: 'the web interface',
      facts: fileAlone.adding('web-admin-port=8443', 'web-admin-ip=127.0.0.1'),
      count: 2,
    },
    {
      name: 'a CLI that must be asked for',
      facts: fileAlone.removing('no-cli').adding('cli-password=Vb2mZk0sXe9R').asVersion('4.18.0'),
      message: /needs cli since/,
    },
    {
      name: 'a CLI without password',
      facts: fileAlone.adding('cli').asVersion('4.18.0'),
      message: /needs cli-password/,
    },
    {
      name: 'alternate ports with one address',
      facts: fileAlone.adding('alt-listening-port=3479'),
      message: /RFC 5780/,
    },
    { name: 'server-name', facts: fileAlone.adding('server-name=turn.example.org'), message: /oauth/ },
  ],
});
