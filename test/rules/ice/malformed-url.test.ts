import malformedUrl from '../../../src/rules/ice/malformed-url.ts';
import { endpointDown, offering } from '../../support/endpoint.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const handing = (...uris: string[]) => deployment.with(offering(uris));

ruleTester(malformedUrl, {
  passes: [
    {
      name: 'what RFC 7064 and RFC 7065 know',
      facts: handing(
        'stun:turn.example.org',
        'stuns:turn.example.org:5349',
        'turn:203.0.113.10:3478?transport=udp',
        'turn:[2001:db8::10]:3478?transport=tcp',
        'turns:turn.example.org:443?transport=tcp',
        'TURN:turn.example.org?transport=UDP',
      ),
    },
  ],
  fails: [
    {
      name: 'stun: with a query',
      facts: handing('stun:turn.example.org:3478?transport=udp'),
      message: 'stun:turn.example.org:3478?transport=udp is no URL a browser takes: a stun: URL has no query',
      remedy: 'Write stun:turn.example.org:3478.',
      severity: 'error',
    },
    { name: 'slashes', facts: handing('turn://turn.example.org'), remedy: 'Write turn:turn.example.org.' },
    { name: 'a user part', facts: handing('turn:alice:pw@turn.example.org'), message: /user part/ },
    { name: 'no port', facts: handing('turn:turn.example.org:'), message: /"" is no port/ },
    {
      name: 'a port that is none',
      facts: handing('turn:turn.example.org:70000'),
      message: /"70000" is no port/,
    },
    {
      name: 'another scheme',
      facts: handing('http://turn.example.org'),
      message: /no scheme of STUN or TURN/,
    },
    { name: 'no scheme', facts: handing('turn.example.org'), message: /no scheme and host/ },
    {
      name: 'another transport',
      facts: handing('turn:turn.example.org?transport=tls'),
      message: /transport=tls/,
    },
    { name: 'IPv6 without brackets', facts: handing('turn:2001:db8::10'), message: /no (port|scheme)/ },
    {
      name: 'TURN over DTLS is well-formed, but nobody speaks it',
      facts: handing('turns:turn.example.org?transport=udp'),
      message: /DTLS/,
      remedy: 'Write turns:turn.example.org?transport=tcp.',
      severity: 'warning',
    },
  ],
  skips: [{ name: 'the endpoint is down', facts: deployment.with(endpointDown(500, 'HTTP 500')) }],
});
