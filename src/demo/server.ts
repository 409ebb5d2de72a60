/**
 * The embedded TURN server of `diagnose --demo`, in a process of its own: node-turn on loopback, UDP only. It ends with
 * its parent. The nonce timers of node-turn would keep it alive for an hour, hence the explicit exit.
 */
import { createSocket } from 'node:dgram';
import Server from 'node-turn';
import { passwordFor } from '../credentials/issue.ts';
import { expiryCoturnReads } from '../credentials/verify.ts';
import type { DemoMessage, DemoSettings } from './protocol.ts';

const LOOPBACK = '127.0.0.1';

const tell = (message: DemoMessage): void => {
  process.send?.(message);
};

/** A port that is free now. node-turn takes a number and cannot report what the kernel chose. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, LOOPBACK, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** Time-limited credentials as coturn checks them: the password follows from the name, until its time is past. */
function timeLimited(secret: string): Readonly<Record<string, string>> {
  return new Proxy<Record<string, string>>(
    {},
    {
      get(_, username) {
        if (typeof username !== 'string') return undefined;
        return expiryCoturnReads(username) * 1000 >= Date.now() ? passwordFor(secret, username) : undefined;
      },
    },
  );
}

async function start({ realm, secret, noStun }: DemoSettings): Promise<void> {
  const port = await freePort();
  const server = new Server({
    listeningIps: [LOOPBACK],
    relayIps: [LOOPBACK],
    listeningPort: port,
    authMech: 'long-term',
    realm,
    credentials: timeLimited(secret),
    log: () => {},
  });
  if (noStun) server.removeAllListeners('binding');
  server.start();
  const [socket] = server.network.sockets;
  socket?.once('listening', () => tell({ port }));
  socket?.once('error', (error: Error) => tell({ error: error.message }));
}

process.once('disconnect', () => process.exit());
process.once('message', (settings: DemoSettings) => {
  start(settings).catch((error: Error) => tell({ error: error.message }));
});
