import rule from '../../../src/rules/credentials/endpoint-cached.ts';
import { answering, endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const control = (cacheControl: string | null) => deployment.with(answering({ cacheControl }));

ruleTester(rule, {
  passes: [
    { name: 'no-store', facts: control('no-store') },
    { name: 'nothing said', facts: control(null) },
    { name: 'the user may keep it for a while', facts: control('private, max-age=300') },
    { name: 'public, but never used unasked', facts: control('public, no-cache') },
  ],
  fails: [
    {
      name: 'shared',
      facts: control('public, max-age=60'),
      message: 'The answer of https://app.example.org/turn may be kept by shared caches',
      evidence: 'Cache-Control: public, max-age=60',
      severity: 'warning',
    },
    { name: 'for proxies', facts: control('s-maxage=60'), message: /shared caches/ },
    { name: 'longer than it lives', facts: control('private, max-age=3600'), message: /3600 seconds/ },
    {
      name: 'it came out of one',
      facts: deployment.with(answering({ fromCache: true, cacheControl: null })),
      message: /came out of a cache$/,
    },
  ],
  skips: [
    { name: 'no answer', facts: deployment.with(endpointDown(500, 'HTTP 500')), reason: 'HTTP 500' },
    { name: 'an older report', facts: deployment.with(offering([])), reason: 'headers' },
  ],
});
