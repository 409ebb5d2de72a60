import { isDeepStrictEqual } from 'node:util';
import { formatUri } from '../../src/model/target.ts';
import { parseIceUrl } from '../../src/rules/ice-url.ts';
import { parseServerUri } from '../../src/turn/uri.ts';
import { bytesOf, type FuzzTarget, must } from './target.ts';

const URIS = [
  'turn:turn.example.org:3478?transport=udp',
  'turns:turn.example.org?transport=tcp',
  'stun:[2001:db8::1]:3478',
  'stuns:203.0.113.1',
  'turn:user:password@turn.example.org',
  'turn://turn.example.org/path',
  '2001:db8::1',
  '[fe80::1%eth0]:3478',
  'xn--bcher-kva.example:5349',
  '::ffff:203.0.113.1',
  'https://turn.example.org#fragment',
];

const WORDS = [
  'turn:',
  'turns:',
  'stun:',
  '?transport=',
  'udp',
  'tls',
  '[',
  ']',
  ':',
  '::',
  '//',
  '@',
  '%',
  '.',
].concat([
  '65536',
  '0',
  '-',
  '_',
  '\u00fc',
  '\u0000',
  '\u3002',
  '\ud83d\ude00',
  ' ',
  '\n',
  '1.2.3.4',
  'a'.repeat(64),
]);

/** What a person, an application's list or an endpoint gives as the address of a server. */
export const uriTarget: FuzzTarget = {
  name: 'uri',
  corpus: URIS.map(bytesOf),
  words: WORDS.map(bytesOf),
  slowMs: 200,
  steps: [checkUri],
};

function checkUri(input: Uint8Array): void {
  const text = new TextDecoder().decode(input);
  parseIceUrl(text);
  const parsed = parseServerUri(text);
  if ('problem' in parsed) {
    must(parsed.problem !== '', 'a refusal has a reason');
    return;
  }
  must(parsed.uris.length > 0, 'something accepted names a server');
  for (const uri of parsed.uris) {
    must(Number.isInteger(uri.port) && uri.port > 0 && uri.port < 65_536, `${uri.port} is a port`);
    const again = parseServerUri(formatUri(uri));
    must(
      'uris' in again && isDeepStrictEqual(again.uris, [uri]),
      `${formatUri(uri)} reads as it was written: ${JSON.stringify(again)}`,
    );
  }
}
