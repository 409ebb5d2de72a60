import { networkInterfaces } from 'node:os';
import { familyOf } from '../model/transport.ts';
import type { Clock, Net } from './net.ts';
import { resolve } from './node-dns.ts';
import { openStream } from './node-stream.ts';
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

/** The real wire, through the sockets of Node. */
export function nodeNet(clock: Clock = systemClock): Net {
  return {
    resolve: (host, options) => resolve(host, clock, options),
    open: options => (options.transport === 'udp' ? openUdp(options) : openStream(options, clock)),
    openPeer,
    localIps: family =>
      Object.values(networkInterfaces())
        .flatMap(entries => entries ?? [])
        .map(entry => entry.address)
        .filter(ip => familyOf(ip) === family && !ip.startsWith('fe80:')),
  };
}
