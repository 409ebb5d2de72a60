import nameMismatch from '../../../src/rules/tls/name-mismatch.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { handshake, handshakeFailed, refused } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const uri = 'turns:203.0.113.10:5349?transport=tcp';
const byAddress = handshake({ uri, nameMismatch: "IP: 203.0.113.10 is not in the cert's list" });

ruleTester(nameMismatch, {
  passes: [{ name: 'the name is covered', facts: wireAlone.seeing(handshake()) }],
  fails: [
    {
      name: 'another name',
      facts: wireAlone.seeing(
        handshake({
          uri: 'turns:relay.example.org:5349?transport=tcp',
          nameMismatch: "Host: relay.example.org. is not in the cert's altnames: DNS:turn.example.org",
        }),
      ),
      message: 'The certificate on 203.0.113.10:5349/tls is for turn.example.org, not for relay.example.org',
      evidence: /altnames/,
      remedy: /turns:turn\.example\.org/,
      severity: 'error',
    },
    {
      name: 'a bare address, given by the user',
      facts: wireAlone.seeing(byAddress),
      message: /not for 203\.0\.113\.10/,
    },
    {
      name: 'a bare address that the application hands out',
      facts: deployment
        .with({
          endpoint: {
            outcome: 'answered',
            url: 'https://app.example.org/turn',
            status: 200,
            uris: ['turns:203.0.113.10:5349'],
            username: 'u',
            hasPassword: true,
            ttlSeconds: 60,
            ms: 5,
            problems: [],
          },
        })
        .seeingFromHost(byAddress),
    },
  ],
  skips: [
    {
      name: 'turnctl chose the address itself, on the server',
      facts: deployment.seeingFromHost(byAddress),
      reason: /clients use a name/,
    },
    { name: 'no handshake', facts: wireAlone.seeing(handshakeFailed(refused)) },
  ],
});
