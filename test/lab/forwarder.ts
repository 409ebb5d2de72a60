import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LabNode } from './network.ts';

/** A long way to port 3478/udp of a server. */
export interface Forwarder {
  /** Packets until now. */
  carried(): number;
  stop(): Promise<void>;
}

interface Way {
  readonly from: string;
  readonly to: string;
  /** Each way, in milliseconds. */
  readonly delayMs: number;
}

/** Kernels without netem cannot delay packets, so a program on the machine `from` does; one socket for each client. */
const PROGRAM = `
const { createSocket } = require('node:dgram');
const [from, to, delay] = process.argv.slice(1);
const clients = new Map();
let carried = 0;
const later = send => setTimeout(send, Number(delay));
const front = createSocket('udp4');
front.on('message', (bytes, { address, port }) => {
  const key = address + ' ' + port;
  let back = clients.get(key);
  if (!back) {
    back = createSocket('udp4');
    back.on('message', answer => later(() => front.send(answer, port, address)));
    clients.set(key, back);
  }
  later(() => back.send(bytes, 3478, to));
  process.send(++carried);
});
front.bind(3478, from, () => process.send(0));
`;

/** Starts it; returns when it listens. */
export async function startForwarder({ namespace }: LabNode, { from, to, delayMs }: Way): Promise<Forwarder> {
  const child = spawn(
    'ip',
    ['netns', 'exec', namespace, process.execPath, '-e', PROGRAM, from, to, String(delayMs)],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  let carried = 0;
  child.on('message', count => {
    carried = Number(count);
  });
  await once(child, 'message');
  return {
    carried: () => carried,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
