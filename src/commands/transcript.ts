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
  /** What belongs into the report. */
  transcript(): Pick<Report, 'transcript'>;
  /** Writes the capture: after the report, which a full disk must not take away. @throws {HostError} */
  save(): Promise<void>;
}

/** The network of `io`, recorded where anybody wants to see what passed. */
export function wireOf({ trace = false, pcap }: TranscriptOptions, io: Io): Wire {
  if (!trace && pcap === undefined) return { net: io.net, transcript: () => ({}), save: async () => {} };
  const { net, recording } = recordingNet(io.net, io.clock);
  return {
    net,
    transcript: () => (trace ? { transcript: transcriptOf(recording()) } : {}),
    async save() {
      if (pcap === undefined) return;
      await io.writeFile(pcap, captureFile(recording(), `turnctl ${io.version}`), 0o600);
    },
  };
}
