import type { Command } from 'commander';
import { captureFile } from '../capture/capture-file.ts';
import { transcriptOf } from '../capture/transcript.ts';
import type { Report } from '../model/report.ts';
import type { Net } from '../net/net.ts';
import { recordingNet } from '../net/recording.ts';
import type { Io } from './io.ts';

/** What of the wire is to be seen afterwards. */
export interface TranscriptOptions {
  readonly trace?: boolean;
  readonly pcap?: string;
}

/** Flags of every command that asks a server something by itself. */
export const addTranscriptOptions = (command: Command): Command =>
  command
    .option('--trace', 'show every message, decoded, after the report')
    .option('--pcap <file>', 'write what passed for Wireshark (pcapng), secrets and payload zeroed');

/** The wire of a run, and what is kept of it as `--trace` and `--pcap` ask. */
export interface Wire {
  readonly net: Net;
  /** Writes the capture, and returns what belongs into the report; also after an interruption. @throws {HostError} */
  finish(): Promise<Pick<Report, 'transcript'>>;
}

/** The network of `io`, recorded where anybody wants to see what passed. */
export function wireOf({ trace = false, pcap }: TranscriptOptions, io: Io): Wire {
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
