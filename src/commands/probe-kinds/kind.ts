import type { Command } from 'commander';
import type { ServerUri } from '../../model/target.ts';
import type { Step } from '../../probes/plan.ts';
import type { ProbeSettings } from '../../probes/settings.ts';
import type { Io } from '../io.ts';
import type { GivenSecrets } from '../secrets.ts';

/** What one `turnctl probe KIND` sends, as its flags say. */
export interface Probing {
  readonly steps: readonly Step[];
  readonly settings?: ProbeSettings;
  /** For everything together, where `--timeout` alone would be too short. */
  readonly timeoutMs?: number;
}

/** One `turnctl probe KIND`. */
export interface ProbeKind {
  readonly name: string;
  readonly summary: string;
  /** Whether it can be asked of this URI; where it can of none, `instead` says what to give. */
  readonly fits: (uri: ServerUri) => boolean;
  readonly instead: string;
  /** Its own flags beside those of every probe. */
  readonly addOptions?: (command: Command) => Command;
  /** What it costs, line by line, where that is more than a moment: said on standard error before it starts. */
  // biome-ignore lint/suspicious/noExplicitAny: as below
  readonly plan?: (flags: any) => readonly string[];
  /** `flags` are those of `addOptions`, and `--timeout` in seconds; `given`, what there is to authenticate with; `uris`, how many are probed. */
  // biome-ignore lint/suspicious/noExplicitAny: each kind knows the flags it declared
  readonly probing: (flags: any, given: GivenSecrets, uris?: number) => Probing;
  /** What comes before: a refusal (@throws {UsageError}), or words; `stop` when they were all that was asked for. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly before?: (uris: readonly ServerUri[], flags: any, io: Io) => Promise<'go on' | 'stop'>;
}

/** For kinds that need an allocation. */
export const isTurn = ({ scheme }: ServerUri): boolean => scheme === 'turn' || scheme === 'turns';
