import { applyEdits } from '../config/edit.ts';
import type { Plan, Step } from '../model/plan.ts';
import { configDiff } from '../report/config-diff.ts';
import type { Changes } from '../report/steps.ts';

/** What each edit of a file changes, as a unified diff in which secrets are masked. */
export function fileChanges(
  { steps }: Plan,
  file: { readonly path: string; readonly bytes: Uint8Array } | null,
): Changes {
  const diffs = new Map<Step, readonly string[]>();
  let bytes = file?.bytes;
  for (const step of steps) {
    if (step.kind !== 'edit-file' || step.path !== file?.path || bytes === undefined) continue;
    const next = applyEdits(bytes, step.edits);
    // The names of the files stand above.
    diffs.set(step, configDiff(step.path, bytes, next).trimEnd().split('\n').slice(2));
    bytes = next;
  }
  return step => diffs.get(step) ?? [];
}
