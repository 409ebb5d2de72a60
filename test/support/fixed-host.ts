import type { FileStatus } from '../../src/host/host.ts';
import { type RecordedHost, recordedHost } from '../../src/host/recorded.ts';
import type { HostRecording } from '../../src/host/recording.ts';

export interface FixedHost {
  /** Standard output by the arguments, joined by blanks; an object for more than that. */
  readonly commands?: Readonly<Record<string, string | { exitCode: number; stderr: string }>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly directories?: Readonly<Record<string, readonly string[]>>;
  /** Paths that exist; nothing else is asked about them. */
  readonly present?: readonly string[];
  readonly absent?: readonly string[];
}

const STATUS: FileStatus = { kind: 'other', mode: 0o755, uid: 0, gid: 0, sizeBytes: 0, modifiedAtMs: 0 };
const missing = (path: string) => ({
  error: { code: 'not-found' as const, message: `${path} does not exist` },
});

/** A host that answers these questions, and calls every other one a mistake. */
export function fixedHost({
  commands = {},
  files = {},
  directories = {},
  present = [],
  absent = [],
}: FixedHost): RecordedHost {
  const gone = Object.fromEntries(absent.map(path => [path, missing(path)]));
  const recording: HostRecording = {
    format: 1,
    name: 'fixed',
    commands: Object.entries(commands).map(([argv, output]) => ({
      argv: argv.split(' '),
      exitCode: typeof output === 'string' ? 0 : output.exitCode,
      stdout: typeof output === 'string' ? output.split('\n') : [''],
      stderr: typeof output === 'string' ? [''] : output.stderr.split('\n'),
      truncated: false,
    })),
    files: {
      ...gone,
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [path, { text: text.split('\n') }])),
    },
    directories: { ...gone, ...directories },
    links: {},
    statuses: { ...gone, ...Object.fromEntries(present.map(path => [path, STATUS])) },
  };
  return recordedHost(recording);
}
