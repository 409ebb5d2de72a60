import rule from '../../../src/rules/listener/web-admin-exposed.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    {
      name: 'no web interface',
      facts: fileAlone.adding('web-admin-ip=0.0.0.0', 'web-admin-listen-on-workers'),
    },
    { name: 'the default address', facts: fileAlone.adding('web-admin') },
    { name: 'the same, written', facts: fileAlone.adding('web-admin', 'web-admin-ip=127.0.0.1') },
  ],
  fails: [
    {
      name: 'every address',
      facts: fileAlone.adding('web-admin', 'web-admin-ip=0.0.0.0', 'web-admin-port=8443'),
      severity: 'warning',
      message: /0\.0\.0\.0, port 8443/,
      option: 'web-admin-ip',
    },
    {
      name: 'the ports of clients',
      facts: fileAlone.adding('web-admin', 'web-admin-listen-on-workers'),
      option: 'web-admin-listen-on-workers',
      count: 1,
    },
  ],
});
