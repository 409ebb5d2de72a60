import duplicateServer from '../../../src/rules/ice/duplicate-server.ts';
import { clientOf } from '../../support/call-records.ts';
import { endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { lookup } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const handing = (...uris: string[]) => deployment.with(offering(uris));

/** A client that brings a list of its own; nothing of an endpoint is known. */
const carrying = (...uris: string[]) => deployment.with({ client: clientOf(undefined, { uris }) });

ruleTester(duplicateServer, {
  passes: [
    { name: 'one for each transport', facts: deployment },
    {
      name: 'udp, tcp and tls of one server',
      facts: handing(
        'turn:turn.example.org',
        'turn:turn.example.org?transport=tcp',
        'turns:turn.example.org',
      ),
    },
    { name: 'two ports', facts: handing('turn:turn.example.org:3478', 'turn:turn.example.org:443') },
    {
      name: 'stun: beside turn: is no second Allocate',
      facts: handing('stun:turn.example.org', 'turn:turn.example.org'),
    },
  ],
  fails: [
    {
      name: 'with and without ?transport=udp',
      facts: handing('turn:turn.example.org:3478', 'turn:turn.example.org:3478?transport=udp'),
      message:
        'turn:turn.example.org:3478 and turn:turn.example.org:3478?transport=udp are one and the same server, turn.example.org:3478/udp',
      remedy: 'Keep turn:turn.example.org:3478 only.',
      severity: 'error',
      count: 1,
    },
    {
      name: 'by name and by address',
      facts: handing('turn:turn.example.org', 'turn:203.0.113.10').seeing(
        lookup('turn.example.org', '203.0.113.10'),
      ),
      message: /one and the same server, 203\.0\.113\.10:3478\/udp/,
    },
    {
      name: 'two names of one host, with two addresses each',
      facts: handing('turn:a.example.org', 'turn:b.example.org').seeing(
        lookup('a.example.org', '203.0.113.10', '2001:db8::10'),
        lookup('b.example.org', '203.0.113.10', '2001:db8::10'),
      ),
      count: 1,
    },
    {
      name: 'in the list of the client',
      facts: carrying('turn:turn.example.org', 'turn:turn.example.org?transport=udp'),
      evidence: 'uris of the naive client: turn:turn.example.org, turn:turn.example.org?transport=udp',
      count: 1,
    },
    {
      name: 'over TCP it only costs an allocation',
      facts: handing('turn:turn.example.org?transport=tcp', 'turn:turn.example.org:3478?transport=tcp'),
      severity: 'warning',
    },
  ],
  skips: [{ name: 'the endpoint is down', facts: deployment.with(endpointDown(500, 'HTTP 500')) }],
});
