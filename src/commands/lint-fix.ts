import { createHash } from 'node:crypto';
import { backUpAndWrite } from '../fixes/apply.ts';
import { configDiff } from '../report/config-diff.ts';
import { runRules } from '../rules/run.ts';
import { plural } from '../util/text.ts';
import type { Io } from './io.ts';
import type { Judging } from './judging.ts';
import { factOf, factsOf, type LintContext, type LintInput } from './lint-input.ts';
import { type Mended, mend } from './mend.ts';

/** Prints what `--fix` would change. What needs a decision, and is not changed, goes to standard error. */
export function printDiff(
  inputs: readonly LintInput[],
  judging: Judging,
  context: LintContext,
  io: Io,
): void {
  for (const input of inputs) {
    const mended = mendInput(input, judging, context);
    if (mended.applied.length > 0) io.stdout(configDiff(input.path, input.bytes, mended.bytes));
    tellSuggestions(input, mended, io);
  }
}

/** Mends the files, and returns them as they are now. @throws {HostError} when one cannot be written */
export async function fixInputs(
  inputs: readonly LintInput[],
  judging: Judging,
  context: LintContext,
  io: Io,
): Promise<LintInput[]> {
  const fixed: LintInput[] = [];
  for (const input of inputs) {
    const mended = mendInput(input, judging, context);
    fixed.push({ ...input, bytes: mended.bytes });
    if (mended.applied.length > 0) {
      const backup = await backUpAndWrite(io.writableHost(), input.path, mended.bytes, {
        expectSha256: createHash('sha256').update(input.bytes).digest('hex'),
        now: context.now,
      });
      io.stderr(
        `${input.path}: ${plural(mended.applied.length, 'fix', 'fixes')}, the old file is ${backup}\n`,
      );
    }
    tellSuggestions(input, mended, io);
  }
  return fixed;
}

const mendInput = (input: LintInput, { rules, baseline }: Judging, context: LintContext): Mended =>
  mend(input.bytes, {
    read: bytes => factOf({ ...input, bytes }, context.version),
    check: config => runRules(rules, factsOf(config, input, context), context.now, baseline),
    version: context.version,
  });

/** Without line numbers: those of the file as it would be are of no use to somebody who has the old one. */
function tellSuggestions({ path }: LintInput, { suggested }: Mended, io: Io): void {
  for (const { rule, what } of suggested) io.stderr(`${path}: ${rule}: to be decided: ${what}\n`);
}
