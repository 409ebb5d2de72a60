import unresponsiveServer from '../../../src/rules/ice/unresponsive-server.ts';
import { clientOf } from '../../support/call-records.ts';
import { endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import {
  allocated,
  allocateFailed,
  binding,
  bindingFailed,
  refused,
  silence,
} from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const handing = deployment.with(offering(['turn:203.0.113.10', 'turn:203.0.113.10?transport=tcp']));
const overTcp = { transport: 'tcp' } as const;

/** A client that brings a list of its own; nothing of an endpoint is known. */
const carrying = (...uris: string[]) => deployment.with({ client: clientOf(undefined, { uris }) });

ruleTester(unresponsiveServer, {
  passes: [
    { name: 'every server answers', facts: handing.seeing(binding(), allocated({}, overTcp)) },
    { name: 'no-stun has a rule of its own', facts: handing.seeing(bindingFailed(silence), allocated()) },
    { name: 'refused TCP ends at once', facts: handing.seeing(binding(), allocateFailed(refused, overTcp)) },
  ],
  fails: [
    {
      name: 'silent UDP',
      facts: handing.seeing(bindingFailed(silence), allocateFailed(silence), allocated({}, overTcp)),
      message: 'turn:203.0.113.10 does not answer: a browser with this list gathers for 40 s',
      evidence: 'Binding: silent (5 requests in 4 s)',
      severity: 'error',
      count: 1,
    },
    { name: 'refused UDP costs as much', facts: handing.seeing(bindingFailed(refused)), message: /40 s/ },
    {
      name: 'in the list of the client',
      facts: carrying('turn:203.0.113.10').seeing(bindingFailed(silence), allocateFailed(silence)),
      message: 'turn:203.0.113.10 does not answer',
    },
    {
      name: 'a TLS port that says nothing',
      facts: deployment
        .with(offering(['turns:203.0.113.10']))
        .seeing(bindingFailed(silence, { transport: 'tls' })),
      message: /30 s/,
    },
  ],
  skips: [
    {
      name: 'none of them was probed',
      facts: deployment.with(offering(['turn:turn.example.net'])),
      reason: /no server of the list/,
    },
    { name: 'the endpoint is down', facts: deployment.with(endpointDown(500, 'HTTP 500')) },
  ],
});
