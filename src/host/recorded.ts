import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Host, HostError } from './host.ts';
import type { HostRecording, RecordedRefusal } from './recording.ts';

export interface RecordedHost extends Host {
  /** What the recording holds and nobody asked for. */
  unused(): readonly string[];
}

/**
 * Answers as the recorded host did. A question that was not asked then is a plain Error, not a `HostError`: that would
 * become an unknown fact, and hide that the recording does not fit.
 */
export function recordedHost(recording: HostRecording): RecordedHost {
  const commands = Object.fromEntries(recording.commands.map(command => [command.argv.join(' '), command]));
  const tables = {
    run: commands,
    readFile: recording.files,
    readDirectory: recording.directories,
    readLink: recording.links,
    status: recording.statuses,
  };
  const used = new Set<string>();

  function answer<T>(
    question: keyof typeof tables,
    key: string,
    table: Readonly<Record<string, T>>,
  ): Exclude<T, RecordedRefusal> {
    const kept = Object.hasOwn(table, key) ? table[key] : undefined;
    if (kept === undefined) throw new Error(`the recording of ${recording.name} has no ${question} ${key}`);
    used.add(`${question} ${key}`);
    if (isRefusal(kept)) throw new HostError(kept.error.code, kept.error.message);
    return kept as Exclude<T, RecordedRefusal>;
  }

  return {
    name: recording.name,
    async run(argv) {
      const { exitCode, stdout, stderr, truncated } = answer('run', argv.join(' '), tables.run);
      return { exitCode, stdout: stdout.join('\n'), stderr: stderr.join('\n'), truncated };
    },
    async readFile(path) {
      const content = answer('readFile', path, tables.readFile);
      return 'text' in content ? Buffer.from(content.text.join('\n')) : Buffer.from(content.base64, 'base64');
    },
    readDirectory: async path => answer('readDirectory', path, tables.readDirectory),
    readLink: async path => answer('readLink', path, tables.readLink),
    status: async path => answer('status', path, tables.status),
    unused: () =>
      Object.entries(tables)
        .flatMap(([question, table]) => Object.keys(table).map(key => `${question} ${key}`))
        .filter(question => !used.has(question)),
  };
}

/** The recording in `directory`, as `saveRecording` left it. */
export async function openRecording(directory: string): Promise<HostRecording> {
  return JSON.parse(await readFile(join(directory, 'host.json'), 'utf8')) as HostRecording;
}

function isRefusal(answer: unknown): answer is RecordedRefusal {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}
