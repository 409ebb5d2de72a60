import { type Command, InvalidArgumentError } from 'commander';
import { Keys, type PasswordOf } from '../capture/keys.ts';
import { type Input, readInput, readText } from '../capture/read-input.ts';
import { passwordFor } from '../credentials/issue.ts';
import { HostError } from '../host/host.ts';
import type { TranscriptEntry } from '../model/transcript.ts';
import { renderDecoded } from '../report/decoded.ts';
import { escapedJson } from '../report/visible.ts';
import type { Io } from './io.ts';
import { readSecrets } from './secrets.ts';
import { UsageError } from './usage-error.ts';

export interface DecodeOptions {
  readonly source?: string;
  readonly json?: boolean;
  readonly limit: number;
  readonly secretFile?: string;
  readonly user?: string;
  readonly passwordFile?: string;
}

/** Captures are large; whoever has a larger one cuts it with editcap. */
const LARGEST_FILE = 256 << 20;
const DEFAULT_LIMIT = 10_000;

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runDecode = runDecode,
): void {
  command
    .argument(
      '[source]',
      'a file (pcap, pcapng, hex dump or raw bytes), hex digits, or - for standard input',
      '-',
    )
    .option('--json', 'one JSON document')
    .option('--limit <messages>', 'explain no more than so many', count, DEFAULT_LIMIT)
    .option('--secret-file <file>', 'static-auth-secret, to verify integrity with (or TURNCTL_SECRET)')
    .option('--user <name>', 'user whose integrity values are verified')
    .option('--password-file <file>', 'its password (or TURNCTL_PASSWORD)')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .addHelpText(
      'after',
      `
Exit codes: 0 every message is well-formed, 1 one is not, 3 nothing in it is STUN.
Examples:
  turnctl decode capture.pcapng
  turnctl decode 000100002112a442b7e7a701bc34d686fa87dfae
  xxd packet.bin | turnctl decode`,
    )
    .action(async (source: string, flags: Omit<DecodeOptions, 'source'>) =>
      done(await run({ ...flags, source }, io)),
    );
}

function count(value: string): number {
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed > 0) return parsed;
  throw new InvalidArgumentError('It must be a positive number of messages.');
}

/** Explains messages. @throws {UsageError} for what is neither a file nor hex, {HostError} for a file that cannot be read */
export async function runDecode({ source = '-', ...options }: DecodeOptions, io: Io): Promise<number> {
  const keys = new Keys(await passwordOf(options, io));
  const input = await read(source, keys, options.limit, io);
  if ('problem' in input)
    throw new UsageError(`${source === '-' ? 'standard input' : source} cannot be read: ${input.problem}`);
  const { format, entries, notes } = input;
  const exitCode = exitCodeOf(entries);
  if (options.json === true) {
    const document = {
      schemaVersion: 1,
      tool: { name: 'turnctl', version: io.version },
      command: 'decode',
      source: { name: source, format },
      messages: entries,
      notes,
      exitCode,
    };
    io.stdout(escapedJson(`${JSON.stringify(document, null, 2)}\n`));
  } else {
    io.stdout(renderDecoded({ format, entries, notes, exitCode }, io.rendering));
  }
  return exitCode;
}

async function passwordOf(options: Omit<DecodeOptions, 'source'>, io: Io): Promise<PasswordOf> {
  const { secretFile, ...more } = options;
  const secrets = secretFile === undefined ? {} : { secretFile: [secretFile] };
  const { user, sharedSecret } = await readSecrets({ ...more, ...secrets, timeout: 0 }, io);
  return username => {
    if (user?.name === username) return user.password;
    return sharedSecret === undefined ? undefined : passwordFor(sharedSecret, username);
  };
}

async function read(source: string, keys: Keys, limit: number, io: Io): Promise<Input> {
  if (source === '-') return readInput(await io.readStdin(), keys, limit);
  try {
    return readInput(await io.localHost.readFile(source, { maxBytes: LARGEST_FILE }), keys, limit);
  } catch (error) {
    // Digits that are no file, or are longer than a name can be, are the message itself.
    if (!(error instanceof HostError) || !/^[0-9a-fx\s:,\\]{8,}$/i.test(source)) throw error;
    return readText(source, keys, limit);
  }
}

function exitCodeOf(entries: readonly TranscriptEntry[]): 0 | 1 | 3 {
  const messages = entries.map(({ message }) => message).filter(message => message.kind !== 'note');
  if (messages.every(({ kind }) => kind === 'other')) return 3;
  return messages.every(({ defects }) => defects.length === 0) && messages.length === entries.length ? 0 : 1;
}
