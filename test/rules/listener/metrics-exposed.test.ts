import rule from '../../../src/rules/listener/metrics-exposed.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const metrics = fileAlone.adding('prometheus');

ruleTester(rule, {
  passes: [
    { name: 'no exporter', facts: fileAlone },
    {
      name: 'the loopback address',
      facts: metrics.adding('prometheus-address=127.0.0.1').asVersion('4.18.0'),
    },
  ],
  fails: [
    {
      name: 'every address, which nothing can change',
      facts: metrics,
      severity: 'info',
      message: /port 9641 on any address/,
      remedy: /firewall/,
    },
    {
      name: 'user names',
      facts: metrics.adding('prometheus-username-labels').asVersion('4.18.0'),
      severity: 'warning',
      message: /user names included/,
    },
    {
      name: 'an option that this version does not know',
      facts: metrics.adding('prometheus-address=127.0.0.1'),
    },
  ],
});
