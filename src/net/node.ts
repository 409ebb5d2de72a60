import { networkInterfaces } from 'node:os';
import { familyOf } from '../model/transport.ts';
import type { Clock, Net } from './net.ts';
import { records, resolve } from './node-dns.ts';
import { listen, openStream } from './node-stream.ts';
import { openPeer, openUdp } from './node-udp.ts';

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

/** The real wire, through the sockets of Node. `dnsServers` as `127.0.0.1:5353`; default: those of this host. */
export function nodeNet(clock: Clock = systemClock, dnsServers?: readonly string[]): Net {
  return {
    resolve: (host, options) => resolve(host, clock, options),
    records: (type, name, options) => records(type, name, options, dnsServers),
    open: options => (options.transport === 'udp' ? openUdp(options) : openStream(options, clock)),
    openPeer,
    listen,
    localIps: family =>
      Object.values(networkInterfaces())
        .flatMap(entries => entries ?? [])
        .map(entry => entry.address)
        .filter(ip => familyOf(ip) === family && !ip.startsWith('fe80:')),
  };
}
