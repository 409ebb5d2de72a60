import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundle } from './bundle.ts';
import type { LabNode } from './network.ts';

/** Allocations that somebody in another network holds, and keeps alive. */
export interface HeldAllocations {
  readonly count: number;
  /** How many can still be refreshed. */
  alive(): Promise<number>;
  /** Gives some of them back, and says how many that were. */
  end(count: number): Promise<number>;
  /** Ends whoever holds them; they live on until they time out. */
  close(): void;
}

/** Makes `count` allocations from `node`, each by a user of its own. */
export async function holdAllocations(
  { namespace }: LabNode,
  { ip, port, secret, count }: { ip: string; port: number; secret: string; count: number },
): Promise<HeldAllocations> {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-held-'));
  const program = join(folder, 'hold.mjs');
  writeFileSync(program, await bundle('hold-allocations.ts'));
  const argv = [
    'netns',
    'exec',
    namespace,
    process.execPath,
    program,
    ip,
    String(port),
    secret,
    String(count),
  ];
  const child = spawn('ip', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => Number((await lines.next()).value);
  const asked = async (line: string) => {
    child.stdin.write(`${line}\n`);
    return next();
  };
  return {
    count: await next(),
    alive: () => asked('count'),
    end: some => asked(`end ${some}`),
    close() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}
