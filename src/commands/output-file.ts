import { resolve } from 'node:path';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** A report must not take the place of what it tells of; over SSH that is on another host. @throws {UsageError} */
export function refuseOverwriting(
  output: string | undefined,
  inputs: readonly (string | undefined)[],
  { remote }: Pick<Io, 'remote'>,
): void {
  if (output === undefined || output === '-' || remote !== null) return;
  if (inputs.some(input => input !== undefined && resolve(input) === resolve(output)))
    throw new UsageError(`--output ${output} would overwrite what is read`, 'Give it another name.');
}
