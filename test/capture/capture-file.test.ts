import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureFile } from '../../src/capture/capture-file.ts';
import { Keys } from '../../src/capture/keys.ts';
import { readInput } from '../../src/capture/read-input.ts';
import { transcriptOf } from '../../src/capture/transcript.ts';
import type { Recording } from '../../src/model/recording.ts';
import type { Transport } from '../../src/model/transport.ts';
import { nodeNet, systemClock } from '../../src/net/node.ts';
import { recordingNet } from '../../src/net/recording.ts';
import { givenCredential } from '../../src/probes/credential.ts';
import { runProbes } from '../../src/probes/run.ts';
import { type Coturn, startCoturn } from '../support/coturn.ts';
import { urisOf } from '../support/probing.ts';

const PASSWORD = 'wonderland-wonderland';

async function record(coturn: Coturn, transport: Transport, ip = coturn.ip): Promise<Recording> {
  const { net, recording } = recordingNet(nodeNet(systemClock), systemClock);
  await runProbes(net, systemClock, {
    uris: urisOf({ ...coturn, ip }, [transport]),
    steps: new Set(['stun-binding', 'turn-allocate', 'turn-data-path', 'turn-tcp-relay']),
    credential: givenCredential({ username: 'alice', password: PASSWORD }, 'static'),
    signal: new AbortController().signal,
  });
  return recording();
}

let coturn: Coturn;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'turnctl-capture-'));
  const users = ['lt-cred-mech', `user=alice:${PASSWORD}`, 'realm=turn.test'];
  const addresses = ['127.0.0.1', '::1'].flatMap(ip => [`listening-ip=${ip}`, `relay-ip=${ip}`]);
  coturn = await startCoturn({
    lines: [...addresses, ...users, 'allocation-default-address-family=keep'],
    ip: '127.0.0.1',
  });
});
afterAll(async () => {
  await coturn.stop();
  rmSync(folder, { recursive: true });
});

const tshark = spawnSync('tshark', ['--version']).status === 0;
const WAYS = [
  { name: 'UDP', transport: 'udp' as const, ip: '127.0.0.1' },
  { name: 'TCP', transport: 'tcp' as const, ip: '127.0.0.1' },
  { name: 'TLS', transport: 'tls' as const, ip: '127.0.0.1' },
  { name: 'UDP over IPv6', transport: 'udp' as const, ip: '::1' },
  { name: 'TCP over IPv6', transport: 'tcp' as const, ip: '::1' },
];

describe.skipIf(!tshark)('tshark (which must be installed)', () => {
  for (const { name, transport, ip } of WAYS) {
    test(`dissects a conversation over ${name} without a malformed packet or a wrong checksum`, async () => {
      const file = join(folder, `${name}.pcapng`);
      writeFileSync(file, captureFile(await record(coturn, transport, ip), 'turnctl test'));
      const ports = [coturn.port, coturn.tlsPort];
      const rows = execFileSync(
        'tshark',
        ['-r', file, '-T', 'fields', '-E', 'separator=|']
          .concat(['ip', 'udp', 'tcp'].flatMap(layer => ['-o', `${layer}.check_checksum:TRUE`]))
          .concat(ports.flatMap(port => ['-d', `udp.port==${port},stun`, '-d', `tcp.port==${port},stun`]))
          .concat(
            ['_ws.col.Protocol', '_ws.col.Info', '_ws.expert.severity', 'stun.att.crc32.status']
              .concat(['ip.checksum.status', 'udp.checksum.status', 'tcp.checksum.status', '_ws.malformed'])
              .flatMap(field => ['-e', field]),
          ),
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      )
        .trim()
        .split('\n')
        .map(row => row.split('|'));
      const said = rows.map(row => row[1]).join('\n');
      for (const message of [
        'Allocate Request',
        'Binding Success',
        'ChannelData TURN Message',
        'Refresh Success',
      ]) {
        expect(said).toContain(message);
      }
      for (const [protocol, info = '', severity = '', crc = '', ...statuses] of rows) {
        const row = `${protocol} ${info}`;
        // Comments and remarks (a FIN) are below; warnings are 0x600000, errors 0x800000.
        for (const level of severity.split(',').filter(Boolean))
          expect(Number(level), row).toBeLessThan(6_291_456);
        expect(crc, row).toMatch(/^(?:1(?:,1)*)?$/);
        const [malformed, ...sums] = statuses.reverse();
        expect(malformed, row).toBe('');
        for (const sum of sums) expect(sum, row).toMatch(/^1?$/);
      }
    });
  }
});

for (const { name, transport, ip } of WAYS) {
  test(`no secret is in what is kept of ${name}, and nothing else is missing`, async () => {
    const recording = await record(coturn, transport, ip);
    const file = captureFile(recording, 'turnctl test');
    const text = Buffer.from(file).toString('latin1') + JSON.stringify(transcriptOf(recording));
    expect(text).not.toContain(PASSWORD);
    const sent = recording.events.flatMap(event => ('bytes' in event ? [Buffer.from(event.bytes)] : []));
    const macs = sent.flatMap(bytes => {
      const at = bytes.indexOf('00080014', 0, 'hex');
      return at < 0 ? [] : [bytes.subarray(at + 4, at + 24)];
    });
    expect(macs.length).toBeGreaterThan(3);
    for (const mac of macs) expect(Buffer.from(file).includes(mac)).toBe(false);
    const payloads = recording.events.flatMap(event =>
      'bytes' in event && recording.connections[event.connection]?.role === 'peer'
        ? [Buffer.from(event.bytes)]
        : [],
    );
    expect(payloads.length).toBeGreaterThan(2);
    for (const payload of payloads.filter(bytes => bytes.readUInt32BE(4) !== 0x2112a442)) {
      expect(Buffer.from(file).includes(payload)).toBe(false);
    }
    // Read back: the same messages as in the transcript, in the same words, fingerprints right.
    const read = readInput(file, new Keys(), 1000);
    if ('problem' in read) throw new Error(read.problem);
    const words = (entries: ReturnType<typeof transcriptOf>) =>
      entries.flatMap(({ message }) =>
        message.kind === 'stun'
          ? [`${message.method} ${message.class} ${message.transactionId} ${message.sizeBytes}`]
          : [],
      );
    expect(words(read.entries)).toEqual(words(transcriptOf(recording)));
    for (const { message } of read.entries) {
      if (message.kind === 'stun')
        expect(message).toMatchObject({
          defects: [],
          fingerprint: /right|absent/.exec(message.fingerprint)?.[0],
        });
    }
  });
}
