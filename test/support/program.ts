import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program to its end. Both of its streams are `output`. */
export async function run(
  program: string,
  argv: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
  const [exitCode] = await once(child, 'close');
  return { exitCode, output };
}
