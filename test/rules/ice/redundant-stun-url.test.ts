import redundantStunUrl from '../../../src/rules/ice/redundant-stun-url.ts';
import { clientOf } from '../../support/call-records.ts';
import { endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const handing = (...uris: string[]) => deployment.with(offering(uris));

/** A client that brings a list of its own; nothing of an endpoint is known. */
const carrying = (...uris: string[]) => deployment.with({ client: clientOf(undefined, { uris }) });

ruleTester(redundantStunUrl, {
  passes: [
    { name: 'no stun: URL', facts: deployment },
    { name: 'a stun: URL of another host', facts: handing('stun:stun.example.net', 'turn:turn.example.org') },
    {
      name: 'TURN over TCP alone',
      facts: handing('stun:turn.example.org', 'turn:turn.example.org?transport=tcp'),
    },
  ],
  fails: [
    {
      name: 'the same host and port',
      facts: handing('stun:turn.example.org:3478', 'turn:Turn.example.org?transport=udp'),
      message: 'stun:turn.example.org:3478 repeats what turn:Turn.example.org?transport=udp does already',
      severity: 'warning',
    },
    {
      name: 'in the list of the client',
      facts: carrying('stun:turn.example.org', 'turn:turn.example.org'),
      evidence: 'uris of the naive client: stun:turn.example.org, turn:turn.example.org',
    },
  ],
  skips: [{ name: 'the endpoint is down', facts: deployment.with(endpointDown(500, 'HTTP 500')) }],
});
