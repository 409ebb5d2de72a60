import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upstreamVersion } from '../../src/config/versions.ts';

/** A real coturn to compare with; the newer one is named by TURNCTL_COTURN_NEWER. */
export interface Turnserver {
  readonly program: string;
  readonly version: string;
}

export const installed = turnserverAt('/usr/bin/turnserver');
export const newer = turnserverAt(process.env.TURNCTL_COTURN_NEWER);

/** Those that are there, for `describe.each`. */
export const turnservers: readonly Turnserver[] = [installed, newer].filter(found => found !== null);

function turnserverAt(program: string | undefined): Turnserver | null {
  if (!program || !existsSync(program)) return null;
  const printed = execFileSync(program, ['--version'], {
    encoding: 'utf8',
    env: { OPENSSL_CONF: '/dev/null' },
  });
  return { program, version: upstreamVersion(printed)! };
}

/** What a coturn made of a file and a command line. */
export interface Verdict {
  /** `silent`: neither did it say that it runs, nor did it end. */
  readonly outcome: 'runs' | 'exits' | 'silent';
  readonly log: string;
  /** Names of "Bad configuration format", each once. */
  readonly unknown: readonly string[];
}

/** There is nothing else in the namespace that coturn could use. */
const LOOPBACK = ['-L', '127.0.0.1', '-E', '127.0.0.1'];

/** The last thing every version says while it starts. */
const RUNNING = /IO method \(admin thread\)|Total auth threads/;
// A relay range from port 0 takes a loaded machine more than ten seconds to fill.
const SILENT_AFTER_MS = 60_000;

export interface VerdictOptions {
  readonly argv?: readonly string[];
  /** Whether the log has all that is awaited: threads write it in no fixed order. */
  readonly isComplete?: (log: string) => boolean;
}

/**
 * Starts coturn with this file in a network namespace of its own, until it runs or ends. What it writes goes to a folder
 * that is removed, as long as the file names no log, pid or database file of its own.
 */
export async function verdictOf(
  { program }: Turnserver,
  config: Uint8Array | string,
  { argv = [], isComplete = () => true }: VerdictOptions = {},
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-verdict-'));
  writeFileSync(join(folder, 'turnserver.conf'), config);
  const writes = ['--log-file=stdout', '--pidfile=pid', '--userdb=db'];
  const own = ['-c', join(folder, 'turnserver.conf'), ...writes, '-v', ...LOOPBACK];
  const inNamespace = ['--net', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', program, ...own, ...argv];
  const child = spawn('unshare', inNamespace, {
    cwd: folder,
    env: { PATH: process.env.PATH, OPENSSL_CONF: '/dev/null' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  const outcome = await new Promise<Verdict['outcome']>((resolve, reject) => {
    const timer = setTimeout(() => resolve('silent'), SILENT_AFTER_MS);
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      const log = Buffer.concat(chunks).toString('latin1');
      if (RUNNING.test(log) && isComplete(log)) resolve('runs');
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve('exits');
    });
  });
  if (outcome !== 'exits') {
    const closed = new Promise(resolve => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
  }
  rmSync(folder, { recursive: true, force: true });
  const log = Buffer.concat(chunks).toString('latin1');
  const names = [...log.matchAll(/Bad configuration format: (.*)/g)].map(([, name = '']) => decoded(name));
  return { outcome, log, unknown: [...new Set(names)] };
}

/** A name is UTF-8 where it can be, as in our parser. */
function decoded(latin1: string): string {
  const utf8 = Buffer.from(latin1, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? latin1 : utf8;
}

/** Runs tasks a few at a time. Ends when all have, so that none leaves a server behind; then throws the first failure. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await task(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: width }, worker));
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
