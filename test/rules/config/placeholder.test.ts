import rule from '../../../src/rules/config/placeholder.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'real values', facts: fileAlone },
    {
      name: 'names that only look alike',
      facts: fileAlone.withConfig('realm=enterprise.example', 'server-name=change.example.org'),
    },
    { name: 'a template is another matter', facts: fileAlone.withConfig('realm={{ YOUR_REALM }}') },
  ],
  fails: [
    {
      name: 'capitals',
      facts: fileAlone.withConfig('external-ip=YOUR_PUBLIC_IP'),
      message: /YOUR_PUBLIC_IP/,
      severity: 'warning',
    },
    { name: 'angle brackets', facts: fileAlone.withConfig('realm=<your realm>') },
    { name: 'x.x.x.x', facts: fileAlone.withConfig('listening-ip=x.x.x.x') },
    {
      name: 'a secret, not shown',
      facts: fileAlone.withConfig('static-auth-secret=YOUR_SECRET'),
      message: /in place of a secret$/,
    },
    { name: 'small letters', facts: fileAlone.withConfig('realm=your-domain.com') },
  ],
});
