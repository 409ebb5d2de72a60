import { spawn } from 'node:child_process';
import { HostError } from './host.ts';
import { environment } from './local.ts';

interface ProgramOptions {
  /** Ends the program, and the reading without an error. */
  readonly signal: AbortSignal;
  /** Standard input that stays open for as long as it is read, so that its end tells the program that nobody reads. */
  readonly holdStdin?: boolean;
  /** What a failure is; told the exit code, null for a signal, and what it wrote on standard error. */
  readonly failure?: (code: number | null, complaint: string) => Promise<Error>;
}

/** What a program of this machine prints, while it prints it. @throws {HostError} when it cannot start or fails */
export async function* programPieces(
  argv: readonly string[],
  { signal, holdStdin = false, failure }: ProgramOptions,
): AsyncGenerator<Buffer> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { env: environment(process.env) });
  // It may end without having read.
  child.stdin.on('error', () => {});
  if (!holdStdin) child.stdin.end();
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  let complaint = '';
  child.stderr.on('data', piece => {
    // The last words count: tail tells of each rotation.
    complaint = (complaint + piece).slice(-1_000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  ended.catch(() => {});
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const code = await ended;
    if (code === 0 || signal.aborted) return;
    const last = complaint.trim().split('\n').at(-1) ?? '';
    throw failure === undefined
      ? new HostError('io', `${program} ended with ${code}: ${last}`)
      : await failure(code, complaint);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new HostError('no-such-program', `${program} is not installed`, { cause: error });
  } finally {
    signal.removeEventListener('abort', end);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}
