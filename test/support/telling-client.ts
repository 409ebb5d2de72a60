import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { issueCredential } from '../../src/credentials/issue.ts';
import { encode } from '../../src/stun/message.ts';
import { allocate, refresh } from '../../src/turn/requests.ts';
import { openTurnClient } from './turn-client.ts';

/**
 * `node telling-client.js SERVER SHARED-SECRET STOP-FILE SECRET…`: sends the secrets in whatever a client can send, until the
 * file is there.
 */
const [server = '', shared = '', stopFile = '', ...secrets] = process.argv.slice(2);
let next = 0;
const secret = (): string => secrets[next++ % secrets.length] as string;

function message(method: 'allocate' | 'refresh' | 'send' | 'binding'): Uint8Array {
  const transactionId = crypto.getRandomValues(new Uint8Array(12));
  return encode(
    {
      method,
      class: method === 'send' ? 'indication' : 'request',
      transactionId,
      attributes: [
        { name: 'SOFTWARE', value: secret() },
        ...(method === 'binding'
          ? []
          : ([
              { name: 'USERNAME', value: `1769864400:${secret()}` },
              { name: 'REALM', value: secret() },
              { name: 'NONCE', value: secret() },
              { name: 'REQUESTED-TRANSPORT', value: 17 },
              { name: 'MOBILITY-TICKET', value: Buffer.from(secret()) },
              { name: 'DATA', value: Buffer.from(`payload ${secret()}`) },
            ] as const)),
      ],
    },
    { fingerprint: true },
  );
}

/** In segments that end in the middle of a secret. */
async function overTcp(bytes: Uint8Array): Promise<void> {
  const socket = connect(3478, server)
    .setNoDelay(true)
    .on('error', () => {});
  socket.resume();
  for (let at = 0; at < bytes.length; at += 11) {
    socket.write(bytes.subarray(at, at + 11));
    await delay(2);
  }
  socket.end();
}

/** The server writes the name of a user who is let in into its log. */
async function allocateAs(name: string): Promise<void> {
  const credential = issueCredential({ secret: shared, now: Date.now(), ttlSeconds: 600, name });
  const client = await openTurnClient('udp', { ip: server, port: 3478 }, { credential, waitMs: 3000 });
  await client.ask(allocate());
  await client.ask(refresh(0));
  client.close();
}

const udp = createSocket('udp4');
udp.on('error', () => {});
while (!existsSync(stopFile)) {
  for (const method of ['allocate', 'refresh', 'send', 'binding'] as const) {
    udp.send(message(method), 3478, server);
    await overTcp(message(method));
  }
  await allocateAs(secret());
  const body = `password=${secret()}`;
  await overTcp(
    Buffer.from(
      `POST /turn?token=${secret()} HTTP/1.1\r\nHost: turn\r\nAuthorization: Bearer ${secret()}\r\n` +
        `Cookie: session=${secret()}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ),
  );
  const secure = connectTls({
    ...{ host: server, port: 5349, rejectUnauthorized: false },
    servername: `${secret().toLowerCase()}.test`,
  });
  secure
    .on('error', () => {})
    .on('secureConnect', () => secure.end(`GET /?secret=${secret()} HTTP/1.1\r\n\r\n`));
  await delay(20);
}
udp.close();
setTimeout(() => process.exit(), 500);
