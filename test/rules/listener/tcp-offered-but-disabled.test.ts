import rule from '../../../src/rules/listener/tcp-offered-but-disabled.ts';
import { deployment } from '../../support/facts-builder.ts';
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

const offering = (...uris: string[]) => deployment.adding('no-tcp').with({ endpoint: { ...answered, uris } });

ruleTester(rule, {
  passes: [
    { name: 'TCP is on', facts: deployment },
    {
      name: 'only UDP and TLS are offered',
      facts: offering('turn:turn.example.org', 'turns:turn.example.org'),
    },
    { name: 'the TLS port takes TCP too', facts: offering('turn:turn.example.org:5349?transport=tcp') },
  ],
  fails: [
    {
      name: 'offered',
      facts: offering('turn:turn.example.org?transport=tcp'),
      option: 'no-tcp',
      evidence: /no-tcp; offered: turn:/,
    },
  ],
  skips: [
    { name: 'no endpoint', facts: deployment.adding('no-tcp').without('endpoint') },
    {
      name: 'it did not answer',
      facts: deployment.with({
        endpoint: { outcome: 'failed', url: 'https://a.example', status: 500, error: 'x' },
      }),
    },
  ],
});
