import { resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

/** A report must not take the place of what it tells of. @throws {UsageError} */
export function refuseOverwriting(output: string | undefined, inputs: readonly string[]): void {
  const read = inputs.find(
    input => input !== '-' && output !== undefined && resolve(input) === resolve(output),
  );
  if (read !== undefined)
    throw new UsageError(`--output ${output} would overwrite what is read`, 'Give it another name.');
}
