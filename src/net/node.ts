import { networkInterfaces } from 'node:os';
import { familyOf } from '../model/transport.ts';
import type { Clock, Net } from './net.ts';

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // `performance` would be loaded first, which takes longer than to read the files of most runs.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

// Loaded when something is sent: Node takes longer to read its sockets and TLS than most files take to be judged.
const dns = () => import('./node-dns.ts');
const streams = () => import('./node-stream.ts');
const udp = () => import('./node-udp.ts');

/** The real wire, through the sockets of Node. `dnsServers` as `127.0.0.1:5353`; default: those of this host. */
export function nodeNet(clock: Clock = systemClock, dnsServers?: readonly string[]): Net {
  return {
    resolve: async (host, options) => (await dns()).resolve(host, clock, options),
    records: async (type, name, options) => (await dns()).records(type, name, options, dnsServers),
    open: async options =>
      options.transport === 'udp'
        ? (await udp()).openUdp(options)
        : (await streams()).openStream(options, clock),
    openPeer: async ip => (await udp()).openPeer(ip),
    listen: async ip => (await streams()).listen(ip),
    localIps: family =>
      Object.values(networkInterfaces())
        .flatMap(entries => entries ?? [])
        .map(entry => entry.address)
        .filter(ip => familyOf(ip) === family && !ip.startsWith('fe80:')),
  };
}
