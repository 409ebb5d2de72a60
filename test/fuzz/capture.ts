import { isDeepStrictEqual } from 'node:util';
import { explain } from '../../src/capture/explain.ts';
import { hideSecrets } from '../../src/capture/hide-secrets.ts';
import { Keys } from '../../src/capture/keys.ts';
import { TCP, tcpPacket, udpPacket } from '../../src/capture/packets.ts';
import { pcapng } from '../../src/capture/pcapng.ts';
import { readInput } from '../../src/capture/read-input.ts';
import { decode } from '../../src/stun/message.ts';
import { bytesOf, type FuzzTarget, must } from './target.ts';

const ends = { from: { ip: '192.0.2.1', port: 40_000 }, to: { ip: '2001:db8::2', port: 3478 } };
const MOST = 100;

/** Captures, hex dumps and messages that somebody sends for explanation. */
export function captureTarget(packets: readonly Uint8Array[]): FuzzTarget {
  const frames = packets.flatMap((data, i) => [
    udpPacket({ ...ends, to: { ip: '192.0.2.2', port: 3478 } }, data),
    tcpPacket({ ...ends, from: ends.to, sequence: i, acknowledged: 0, flags: TCP.ack, data }),
  ]);
  const captures = frames.map(bytes => pcapng([{ atNs: 1n, bytes, comment: 'c' }], { application: 'fuzz' }));
  const dumps = packets.map(packet =>
    bytesOf(`0000 ${Buffer.from(packet).toString('hex').replace(/../g, ' $&')}`),
  );
  return {
    name: 'capture',
    corpus: [...packets, ...captures, ...dumps],
    words: ['0a0d0d0a', '4d3c2b1a', 'd4c3b2a1', 'a1b2c3d4', '06000000', '2112a442'].map(hex =>
      Uint8Array.from(Buffer.from(hex, 'hex')),
    ),
    slowMs: 500,
    steps: [checkInput, checkExplained, checkHidden],
  };
}

function checkInput(bytes: Uint8Array): void {
  const read = readInput(bytes, new Keys(() => 'password'), MOST);
  if ('problem' in read)
    must(read.problem !== '' && read.problem.length < 500, 'a refusal has a short reason');
  else must(read.entries.length <= MOST, 'no more is explained than asked for');
}

function checkExplained(bytes: Uint8Array): void {
  const before = bytes.slice();
  const explained = explain(bytes);
  must(isDeepStrictEqual(bytes.slice(), before), 'explaining leaves the bytes alone');
  for (const { offset } of explained.defects)
    must(offset >= 0 && offset <= bytes.length, 'a defect lies in the message');
  if ('message' in decode(bytes)) must(explained.kind === 'stun', 'what is a message is explained as one');
}

function checkHidden(bytes: Uint8Array): void {
  const once = bytes.slice();
  hideSecrets(once);
  const twice = once.slice();
  hideSecrets(twice);
  must(isDeepStrictEqual(twice, once), 'hiding again changes nothing');
  if ('message' in decode(bytes)) must('message' in decode(once), 'a message stays one');
}
