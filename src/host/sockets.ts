import { type Fact, known, unknown } from '../model/fact.ts';
import type { SocketFact } from '../model/facts.ts';
import { attempt } from './attempt.ts';
import type { Host } from './host.ts';

/** Listening TCP and bound UDP sockets of every program. */
export async function readSockets(host: Host): Promise<Fact<readonly SocketFact[]>> {
  const result = await attempt(() => host.run(['ss', '-H', '-lntup']));
  if (!result.known) return result;
  if (result.value.exitCode !== 0) return unknown(`ss: ${result.value.stderr.trim()}`);
  return known(parseSockets(result.value.stdout));
}

/** `ss -H -lntup` (iproute2). A socket of every address and both families gives one entry for each family. */
export function parseSockets(text: string): readonly SocketFact[] {
  const sockets = text.split('\n').flatMap(parseSocket);
  // coturn has a socket for each of its threads on the same port.
  const key = (socket: SocketFact) => `${socket.protocol} ${socket.ip} ${socket.port} ${socket.pid}`;
  return [...new Map(sockets.map(socket => [key(socket), socket])).values()];
}

function parseSocket(line: string): readonly SocketFact[] {
  const [protocol, , , , local = '', , owners = ''] = line.trim().split(/\s+/);
  if (protocol !== 'udp' && protocol !== 'tcp') return [];
  const colon = local.lastIndexOf(':');
  const ip = local
    .slice(0, colon)
    .replace(/%.*?(?=\]|$)/, '')
    .replace(/^\[|\]$/g, '');
  const port = Number(local.slice(colon + 1));
  const found = [...owners.matchAll(/\("([^"]*)",pid=(\d+)/g)].map(([, program = '', pid]) => ({
    program,
    pid: Number(pid),
  }));
  const of = found.length > 0 ? found : [{ program: null, pid: null }];
  const families = ip === '*' ? ['0.0.0.0', '::'] : [ip];
  return families.flatMap(address => of.map(owner => ({ protocol, ip: address, port, ...owner })));
}
