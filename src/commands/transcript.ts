import { captureFile } from '../capture/capture-file.ts';
import { transcriptOf } from '../capture/transcript.ts';
import type { Report } from '../model/report.ts';
import type { Net } from '../net/net.ts';
import { recordingNet } from '../net/recording.ts';
import type { Io } from './io.ts';
import type { WireOptions } from './options.ts';

/** The wire of a run, and what is kept of it as `--trace` and `--pcap` ask. */
export interface Wire {
  readonly net: Net;
  /** Writes the capture, and returns what belongs into the report; also after an interruption. @throws {HostError} */
  finish(): Promise<Pick<Report, 'transcript'>>;
}

/** The network of `io`, recorded where anybody wants to see what passed. */
export function wireOf({ trace = false, pcap }: Pick<WireOptions, 'trace' | 'pcap'>, io: Io): Wire {
  if (!trace && pcap === undefined) return { net: io.net, finish: async () => ({}) };
  const { net, recording } = recordingNet(io.net, io.clock);
  return {
    net,
    async finish() {
      const recorded = recording();
      if (pcap !== undefined) {
        await io.writeFile(pcap, captureFile(recorded, `turnctl ${io.version}`), 0o600);
      }
      return trace ? { transcript: transcriptOf(recorded) } : {};
    },
  };
}
