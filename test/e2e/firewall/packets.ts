import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { LabNode } from '../../lab/network.ts';

export interface Destination {
  readonly ip: string;
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
}

/** Real packets between two machines of the lab. */
export interface PacketTester {
  /** Sends to each destination from a port never used before; true where an answer came. */
  arrives(destinations: readonly Destination[]): Promise<boolean[]>;
  close(): void;
}

/** Echoes UDP and accepts TCP on each port, until its standard input ends. */
const SERVER = `
  const ports = JSON.parse(process.argv[1]);
  const opened = [];
  for (const port of ports) {
    const udp = require('dgram').createSocket('udp6');
    udp.on('message', (data, from) => udp.send(data, from.port, from.address));
    opened.push(new Promise(done => udp.bind(port, '::', done)));
    const tcp = require('net').createServer(socket => socket.on('error', () => {}).resume());
    opened.push(new Promise(done => tcp.listen(port, '::', done)));
  }
  Promise.all(opened).then(() => console.log('ready'));
  process.stdin.on('end', () => process.exit()).resume();
`;

/** Reads a list of destinations on each line, and answers with a list of booleans. Silence counts after 300 ms. */
const CLIENT = `
  const { createSocket } = require('dgram');
  const { connect } = require('net');
  const WAIT_MS = 300;
  const udp = (ip, port) => new Promise(done => {
    const socket = createSocket(ip.includes(':') ? 'udp6' : 'udp4');
    const end = answer => { clearTimeout(timer); socket.close(); done(answer); };
    const timer = setTimeout(end, WAIT_MS, false);
    socket.once('message', () => end(true)).once('error', () => end(false));
    socket.send('?', port, ip);
  });
  const tcp = (ip, port) => new Promise(done => {
    const socket = connect({ host: ip, port });
    const end = answer => { clearTimeout(timer); socket.removeAllListeners(); socket.on('error', () => {}); socket.resetAndDestroy(); done(answer); };
    const timer = setTimeout(end, WAIT_MS, false);
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
  require('readline').createInterface({ input: process.stdin }).on('line', async line => {
    const answers = JSON.parse(line).map(({ ip, protocol, port }) => (protocol === 'udp' ? udp : tcp)(ip, port));
    console.log(JSON.stringify(await Promise.all(answers)));
  });
`;

/** Listens on `ports` of `server` and sends from `client`. */
export async function startPacketTester(
  server: LabNode,
  client: LabNode,
  ports: readonly number[],
): Promise<PacketTester> {
  const listener = startNode(server, SERVER, JSON.stringify(ports));
  await nextLine(listener.lines);
  const sender = startNode(client, CLIENT);
  return {
    async arrives(destinations) {
      const answer = nextLine(sender.lines);
      sender.child.stdin!.write(`${JSON.stringify(destinations)}\n`);
      return JSON.parse(await answer) as boolean[];
    },
    close() {
      for (const { child } of [listener, sender]) child.kill('SIGKILL');
    },
  };
}

function startNode({ namespace }: LabNode, script: string, ...args: readonly string[]) {
  const argv = ['netns', 'exec', namespace, process.execPath, '-e', script, ...args];
  const child: ChildProcess = spawn('ip', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, lines: createInterface({ input: child.stdout! }) };
}

const nextLine = async (lines: Interface): Promise<string> => ((await once(lines, 'line')) as [string])[0];
