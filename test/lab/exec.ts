import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ExecOptions {
  /** Added to the environment of a fresh root shell. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a program and leaves it running. */
export function start([program, ...rest]: readonly string[], { env }: Pick<ExecOptions, 'env'> = {}) {
  return spawn(program!, rest, {
    env: { PATH: process.env.PATH, HOME: '/root', LANG: 'C.UTF-8', ...env },
  });
}

/** Runs a program to its end; a non-zero exit is a result. */
export async function exec(argv: readonly string[], { env, input }: ExecOptions = {}): Promise<ExecResult> {
  const child = start(argv, env === undefined ? {} : { env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
  // A program that ends without reading is no failure.
  child.stdin.on('error', () => {}).end(input ?? '');
  const [code] = await once(child, 'close');
  return { exitCode: code ?? 128, stdout, stderr };
}
