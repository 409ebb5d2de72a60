import type { Surroundings } from '../facts/surroundings.ts';
import type { Io } from './io.ts';

/** The world that facts are gathered from. `timeoutMs`: for the wire, and for the programs of this host. */
export const surroundingsOf = (io: Io, timeoutMs: number): Surroundings => ({
  host: io.host,
  net: io.net,
  clock: io.clock,
  signal: io.signal,
  timeoutMs,
  ...(io.remote === null ? {} : { remote: io.remote }),
  onProgress: text => io.progress.update(text),
});
