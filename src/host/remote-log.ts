import { HostError } from './host.ts';
import { type TakeBytes, takeAll } from './log-bytes.ts';
import { gunzipInto } from './log-gunzip.ts';
import { LogSuccessors } from './log-successors.ts';

/** A host whose programs can be read while they print. */
interface StreamingHost {
  stream(argv: readonly string[], signal: AbortSignal): AsyncIterable<Uint8Array>;
  status(path: string): Promise<{ readonly kind: string }>;
  readDirectory(path: string): Promise<readonly string[]>;
}

interface RemoteFollowing {
  readonly signal: AbortSignal;
  readonly follow: boolean;
  /** Called for a gzip file that lacks its end, after what there is was taken. */
  readonly onCutShort?: (path: string) => void;
}

const LOOK_AGAIN_MS = 1_000;

/** Reads a file of another host, gzipped or not, in constant memory. @throws {HostError} {ConnectionLost} */
export async function readRemoteFile(
  host: StreamingHost,
  path: string,
  take: TakeBytes,
  { signal, follow, onCutShort }: RemoteFollowing,
): Promise<void> {
  const { kind } = await host.status(path);
  if (kind === 'directory') throw new HostError('is-directory', `${path} is a directory`);
  if (kind !== 'file') throw new HostError('io', `${path} is a device, socket or pipe, not a file`);
  if (await isGzipped(host, path, signal)) {
    const whole = await gunzipInto(host.stream(['cat', '--', path], signal), take);
    if (!whole && !signal.aborted) onCutShort?.(path);
  } else if (follow) await followRemote(host, path, take, signal);
  else await takeAll(host.stream(['cat', '--', path], signal), take);
}

async function isGzipped(host: StreamingHost, path: string, signal: AbortSignal): Promise<boolean> {
  const magic: number[] = [];
  for await (const piece of host.stream(['head', '-c', '2', '--', path], signal)) magic.push(...piece);
  return magic[0] === 0x1f && magic[1] === 0x8b;
}

/** tail goes on through rotation; that coturn writes into another file from midnight on is ours to see. */
async function followRemote(
  host: StreamingHost,
  first: string,
  take: TakeBytes,
  signal: AbortSignal,
): Promise<void> {
  const successors = await LogSuccessors.of(first, folder => host.readDirectory(folder));
  let next: string | null = first;
  while (next !== null && !signal.aborted) {
    const path: string = next;
    next = null;
    let sizeBytes = 0;
    const count: TakeBytes = (bytes, length) => {
      sizeBytes += length;
      take(bytes, length);
    };
    const over = new AbortController();
    const looking = setInterval(async () => {
      next ??= await successors.next().catch(() => null);
      if (next !== null) over.abort();
    }, LOOK_AGAIN_MS);
    try {
      const either = AbortSignal.any([signal, over.signal]);
      await takeAll(host.stream(['tail', '-F', '-n', '+1', '--', path], either), count);
      // What was written after tail looked last.
      if (next !== null)
        await takeAll(host.stream(['tail', '-c', `+${sizeBytes + 1}`, '--', path], signal), take);
    } finally {
      clearInterval(looking);
    }
  }
}
