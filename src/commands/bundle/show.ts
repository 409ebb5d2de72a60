import type { Command } from 'commander';
import { renderManifest } from '../../report/bundle.ts';
import { escapedJson } from '../../report/visible.ts';
import { printable } from '../../util/text.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { readBundle } from './read.ts';

export interface ShowOptions {
  readonly file: string;
  /** One file of the bundle, to be printed instead. */
  readonly member?: string;
  readonly json?: boolean;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runShow = runShow,
): void {
  command
    .argument('<file>', 'the bundle; - is standard input')
    .argument('[member]', 'print this file of it instead')
    .option('--json', 'the manifest, and which files are not as it says')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .action(async (file: string, member: string | undefined, flags: Pick<ShowOptions, 'json'>) =>
      done(await run({ ...flags, file, ...(member === undefined ? {} : { member }) }, io)),
    );
}

/** Prints what a bundle holds: 1 when a file of it was changed after it was made. @throws {UsageError} {HostError} */
export async function runShow({ file, member, json }: ShowOptions, io: Io): Promise<number> {
  const { manifest, text, changed } = await readBundle(file, io);
  if (member !== undefined) {
    const content = text(member);
    if (content === null)
      throw new UsageError(`${file} holds no ${member}`, `turnctl bundle show ${file} lists what it holds.`);
    io.stdout(content.split('\n').map(printable).join('\n'));
    return changed.includes(member) ? 1 : 0;
  }
  io.stdout(
    json === true
      ? `${escapedJson(JSON.stringify({ ...manifest, changed }, null, 2))}\n`
      : renderManifest(manifest, changed, io.rendering),
  );
  return changed.length === 0 ? 0 : 1;
}
