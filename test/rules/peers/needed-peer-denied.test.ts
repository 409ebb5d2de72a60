import rule from '../../../src/rules/peers/needed-peer-denied.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const refusing = (...ips: string[]) =>
  deployment.with({
    logLines: {
      source: '/var/log/turnserver/turn.log',
      lines: ips.map(
        ip => `9: : session 1: A peer IP ${ip} denied in the range: 192.168.0.0-192.168.255.255`,
      ),
    },
  });

ruleTester(rule, {
  passes: [
    { name: 'nothing refused', facts: deployment },
    { name: 'its own address is another matter', facts: refusing('203.0.113.10') },
    {
      name: 'what turnctl asked for, in this run or an earlier one',
      facts: refusing('192.168.253.97', '10.253.113.97'),
    },
  ],
  fails: [
    {
      name: 'one peer again and again',
      facts: refusing('192.168.5.20', '192.168.5.20'),
      message: /192\.168\.5\.20 \(2 times\): 192\.168\.0\.0-192\.168\.255\.255 is denied/,
      option: 'denied-peer-ip',
      severity: 'error',
      count: 1,
    },
    {
      name: 'many peers are the candidates of clients',
      facts: refusing('192.168.5.20', '192.168.178.3'),
      severity: 'info',
      count: 2,
    },
    {
      name: 'among many, one on the network of the server',
      facts: refusing('192.168.5.20', '203.0.113.99'),
      severity: 'error',
    },
  ],
  skips: [{ name: 'no log', facts: deployment.without('logLines') }],
});
