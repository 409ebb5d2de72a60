import type { Fact } from '../../model/fact.ts';
import { plural } from '../../util/text.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/** Whether calls may end: nobody is asked where there are none, or `--yes` was given. @throws {UsageError} with nobody to ask */
export async function mayEndCalls(
  allocations: Fact<number>,
  { name, yes, alternative }: { readonly name: string; readonly yes: boolean; readonly alternative: string },
  io: Io,
): Promise<boolean> {
  if (allocations.known && allocations.value === 0) return true;
  const what = allocations.known
    ? `${plural(allocations.value, 'allocation')} of ${name} will end, and the calls that use ${allocations.value === 1 ? 'it' : 'them'}`
    : `Allocations of ${name} will end, if there are any (${allocations.reason})`;
  io.stderr(`turnctl: ${what}\n`);
  if (yes) return true;
  if (io.dialogue === null)
    throw new UsageError(
      'there is nobody to ask whether calls may end',
      `--yes says that they may. ${alternative}`,
    );
  const answer = await io.dialogue(ask => ask('Go on? (y/N) '));
  return /^y(es)?$/i.test(answer);
}
