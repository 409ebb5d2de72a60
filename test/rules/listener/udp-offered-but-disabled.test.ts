import rule from '../../../src/rules/listener/udp-offered-but-disabled.ts';
import { deployment } from '../../support/facts-builder.ts';
import { allocated } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const answered = {
  outcome: 'answered',
  url: 'https://app.example.org/turn',
  status: 200,
  username: '1769864400:alice',
  hasPassword: true,
  ttlSeconds: 3600,
  ms: 20,
  problems: [],
} as const;

const offering = (...uris: string[]) => deployment.adding('no-udp').with({ endpoint: { ...answered, uris } });

ruleTester(rule, {
  passes: [
    { name: 'UDP is on', facts: deployment },
    { name: 'only TCP is offered', facts: offering('turn:turn.example.org?transport=tcp') },
    {
      name: 'it answers, whoever it is',
      facts: offering('turn:203.0.113.10').seeing(allocated()),
    },
  ],
  fails: [
    {
      name: 'offered',
      facts: offering('turn:turn.example.org'),
      option: 'no-udp',
      message: /turn:turn\.example\.org/,
    },
  ],
  skips: [
    {
      name: 'it did not answer',
      facts: deployment.with({
        endpoint: { outcome: 'failed', url: 'https://a.example', status: 500, error: 'x' },
      }),
    },
  ],
});
