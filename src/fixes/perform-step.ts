import { applyEdits } from '../config/edit.ts';
import { orNull } from '../host/attempt.ts';
import type { WritableHost } from '../host/host.ts';
import type { Step } from '../model/plan.ts';
import { runOrThrow } from './run-or-throw.ts';

const STEP_TIMEOUT_MS = 120_000;

/** A service that takes longer is asked whether it answers all the same. */
export const ACTIVATION_TIMEOUT_MS = 30_000;

/** Does one step. @throws {HostError} when the host refuses, or when a file is not what the plan was made for */
export async function performStep(host: WritableHost, step: Step, busyFile: string): Promise<void> {
  switch (step.kind) {
    case 'edit-file': {
      const { path, edits, expectSha256 } = step;
      await host.writeFile(path, applyEdits(await host.readFile(path), edits), { expectSha256 });
      return;
    }
    case 'put-file': {
      const { path, content, expectSha256, mode = 0o644 } = step;
      await host.writeFile(path, Buffer.from(content), { expectSha256, mode });
      return;
    }
    case 'set-access': {
      const { path, user = '', group, mode } = step;
      const owner = group === undefined ? user : `${user}:${group}`;
      if (owner !== '') await runOrThrow(host, ['chown', '--', owner, path]);
      if (mode !== undefined)
        await runOrThrow(host, ['chmod', '--', mode.toString(8).padStart(4, '0'), path]);
      return;
    }
    case 'run':
      await runHolding(host, step.argv, { busyFile, timeoutMs: STEP_TIMEOUT_MS });
  }
}

/**
 * Runs a program, which holds a lock until it has ended: should turnctl be killed meanwhile, an undo waits for it.
 * @throws {HostError} when it does not succeed
 */
export async function runHolding(
  host: WritableHost,
  argv: readonly string[],
  { busyFile, timeoutMs }: { readonly busyFile: string; readonly timeoutMs: number },
): Promise<void> {
  // Without --close a daemon that the program starts would hold the lock for as long as it lives.
  const locking = ['flock', '--close', busyFile];
  const hasFlock = (await orNull(() => host.run([...locking, 'true'])))?.exitCode === 0;
  const name = argv.slice(0, 2).join(' ');
  await runOrThrow(host, hasFlock ? [...locking, ...argv] : argv, { timeoutMs, name });
}
