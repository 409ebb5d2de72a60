import { type Fact, unknown } from '../model/fact.ts';
import type { FileLimit } from '../model/service-state.ts';
import { attempt } from './attempt.ts';
import type { Host } from './host.ts';

/** How many files a process may have open. */
export async function readFileLimit(host: Host, pid: number): Promise<Fact<FileLimit>> {
  const text = await attempt(async () => Buffer.from(await host.readFile(`/proc/${pid}/limits`)).toString());
  return text.known ? parseFileLimit(text.value) : text;
}

/** /proc/PID/limits (proc(5)): name, soft limit, hard limit, unit. */
export function parseFileLimit(text: string): Fact<FileLimit> {
  const [, soft, hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(text) ?? [];
  if (soft === undefined || hard === undefined) return unknown('/proc tells no limit of open files');
  return { known: true, value: { soft: limitOf(soft), hard: limitOf(hard) } };
}

const limitOf = (word: string): number => (word === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(word));
