import type { Plan, Risk, Step } from '../model/plan.ts';
import type { Rendering } from '../model/report.ts';
import { shellLine } from '../util/shell-line.ts';
import { listed, printable } from '../util/text.ts';
import { styleOf } from './style.ts';
import { labelled, readableWidth } from './text.ts';

/** Of a new file, no more lines than these are shown: the document of `--json` has them all. */
const MOST_LINES = 12;

/** What a step changes, in the lines of a unified diff. */
export type Changes = (step: Step) => readonly string[];

/** Steps with their reason and their undo; a command stands on a line of its own, to be copied. */
export function renderSteps(
  steps: readonly Step[],
  rendering: Rendering,
  changes: Changes = () => [],
): string[] {
  const { chalk } = styleOf(rendering);
  const paint = (line: string) => (line.startsWith('-') ? chalk.red : chalk.green)(line);
  const width = readableWidth(rendering);
  return steps.flatMap((step, i) => [
    `${`${i + 1}`.padStart(2)}  ${chalk.bold(printable(headOf(step)))}`,
    ...labelled('why', printable(step.why), width, 4, 6),
    ...(step.resolves === undefined ? [] : labelled('for', step.resolves.join(', '), width, 4, 6)),
    ...changes(step).map(line => `    ${/^[-+]/.test(line) ? paint(line) : line}`),
    ...newLinesOf(step).map(line => `    ${chalk.green(`+ ${printable(line)}`)}`),
    ...labelled('undo', printable(undoOf(step)), width, 4, 6),
  ]);
}

/** What happens when the steps are done, and who notices. */
export function renderActivation({ activate = [], risk }: Plan, rendering: Rendering): string[] {
  const { chalk } = styleOf(rendering);
  const width = readableWidth(rendering);
  return [
    ...activate.flatMap(({ argv, why }) => [
      `${'>'.padStart(2)}  ${chalk.bold(printable(shellLine(argv)))}`,
      ...labelled('why', why, width, 4, 6),
    ]),
    ...labelled('risk', RISKS[risk], width, 4, 6),
  ];
}

const RISKS: Readonly<Record<Risk, string>> = {
  none: 'none: nobody loses a call or a way in',
  'drops-allocations': 'running calls through this relay end',
  'may-cut-access':
    'may cut your own way in: a timer on the host undoes it all, unless you confirm that you still get in',
};

/** What a step does, on one line: its command, or the file it changes. */
export function headOf(step: Step): string {
  switch (step.kind) {
    case 'run':
      return shellLine(step.argv);
    case 'put-file':
      return `write ${step.path}${step.expectSha256 === 'absent' ? ' (new)' : ''}`;
    case 'edit-file':
      return `edit ${step.path}`;
    case 'set-access': {
      const { path, user, group, mode } = step;
      const gifts = [
        ...(user === undefined ? [] : [`the owner ${user}`]),
        ...(group === undefined ? [] : [`the group ${group}`]),
        ...(mode === undefined ? [] : [`mode ${mode.toString(8).padStart(4, '0')}`]),
      ];
      return `give ${path} ${listed(gifts)}`;
    }
  }
}

/** A new file; of another one the reason tells what is new. */
function newLinesOf(step: Step): readonly string[] {
  if (step.kind !== 'put-file' || step.expectSha256 !== 'absent') return [];
  const lines = step.content.trimEnd().split('\n');
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 4), `… ${lines.length - MOST_LINES + 4} more lines`];
}

function undoOf(step: Step): string {
  if (step.kind === 'put-file' && step.expectSha256 === 'absent') return 'removes the file';
  if (step.kind === 'set-access') return 'gives back owner, mode and access list';
  if (step.kind !== 'run') return 'gives back the file as it was, with owner and mode';
  const files = step.touches ? `${listed(step.touches)} byte for byte` : '';
  if (typeof step.undo === 'string')
    return step.undo === 'impossible' ? 'impossible' : files || 'nothing to undo';
  // A script looks whether the rule is there; its arguments say which one.
  const [program, , , , ...rule] = step.undo;
  const undo =
    program === 'sh' ? `deletes the rule, if it is there: ${rule.join(' ')}` : shellLine(step.undo);
  return files === '' ? undo : `${undo}, and ${files}`;
}
