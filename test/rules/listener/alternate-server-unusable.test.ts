import rule from '../../../src/rules/listener/alternate-server-unusable.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { allocated, allocateFailed, errorResponse, refused, silence } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const alternate = { ip: '203.0.113.11', port: 3478 };
const redirect = allocateFailed(errorResponse(300));

ruleTester(rule, {
  passes: [
    { name: 'nobody is sent anywhere', facts: wireAlone },
    {
      name: 'an alternate that grants the allocation',
      facts: wireAlone.seeing(allocated({ alternate, retries: [300] })),
    },
  ],
  fails: [
    {
      name: 'a loop',
      facts: wireAlone.seeing({ ...redirect, redirectEnd: 'loop' }),
      message: /203\.0\.113\.10:3478 sends clients back to a server/,
      severity: 'error',
    },
    {
      name: 'one too many',
      facts: wireAlone.seeing({ ...redirect, alternate, redirectEnd: 'too-many' }),
      message: /203\.0\.113\.11:3478 sends clients on for a fourth time/,
    },
    {
      name: 'no address',
      facts: wireAlone.seeing({ ...redirect, redirectEnd: 'no-address' }),
      message: /names no server/,
    },
    {
      name: 'an alternate that is silent',
      facts: wireAlone.seeing({ ...allocateFailed(silence), alternate }),
      message: /sends clients to 203\.0\.113\.11:3478, which does not answer/,
    },
    { name: 'an alternate that refuses', facts: wireAlone.seeing({ ...allocateFailed(refused), alternate }) },
    {
      name: 'a private alternate of a public server',
      facts: wireAlone.seeing(allocated({ alternate: { ip: '10.0.0.2', port: 3478 } })),
      message: /private address 10\.0\.0\.2/,
    },
  ],
  skips: [{ name: 'nothing answers', facts: wireAlone.seeing(allocateFailed(silence)) }],
});
