import { once } from 'node:events';
import type { LogSession } from '../../src/model/log-report.ts';
import type { LabHost } from './host.ts';
import { PROGRAM } from './turnctl.ts';

const PATIENCE_MS = 60_000;

/** `turnctl logs --follow --jsonl` on a lab host. */
export interface FollowedLogs {
  /** Waits for a session that fits. @throws {Error} with what was printed, after a minute or at the end */
  session(fits: (session: LogSession) => boolean): Promise<LogSession>;
  /** Everything printed so far. */
  readonly sessions: readonly LogSession[];
  stderr(): string;
  /** Sends the signal to turnctl itself, and resolves with its exit code. */
  interrupt(signal?: 'INT' | 'KILL'): Promise<number>;
  /** The exit code, once it has ended by itself. */
  readonly ended: Promise<number>;
}

/** Starts it. */
export function followLogs(host: LabHost, argv: readonly string[]): FollowedLogs {
  // The shell gives its process id, and becomes turnctl.
  const program = [
    'sh',
    '-c',
    'echo $$; exec "$@"',
    'sh',
    ...PROGRAM,
    'logs',
    '--follow',
    '--jsonl',
    ...argv,
  ];
  const child = host.start(program);
  const sessions: LogSession[] = [];
  const looking = new Set<() => void>();
  let pid: string | undefined;
  let text = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', piece => {
    const lines = (text + piece).split('\n');
    text = lines.pop() ?? '';
    pid ??= lines.shift();
    sessions.push(...lines.map(line => JSON.parse(line) as LogSession));
    for (const look of looking) look();
  });
  child.stderr?.setEncoding('utf8').on('data', piece => (stderr += piece));
  const ended = once(child, 'close').then(([code]) => Number(code));
  return {
    sessions,
    ended,
    stderr: () => stderr,
    session: fits =>
      new Promise((resolve, reject) => {
        const settle = (settled: () => void) => {
          clearTimeout(timer);
          looking.delete(look);
          settled();
        };
        const look = () => {
          const found = sessions.find(fits);
          if (found) settle(() => resolve(found));
        };
        const fail = (why: string) =>
          settle(() => reject(new Error(`${why}; ${stderr}\n${JSON.stringify(sessions, null, 1)}`)));
        const timer = setTimeout(() => fail('no such session within a minute'), PATIENCE_MS);
        looking.add(look);
        ended.then(code => fail(`turnctl ended with ${code}`));
        look();
      }),
    async interrupt(signal = 'INT') {
      await host.must(['kill', `-${signal}`, pid ?? 'turnctl printed nothing']);
      return ended;
    },
  };
}
