import type { RuleId } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import type { Check, Rendering } from '../model/report.ts';
import { plural, printable } from '../util/text.ts';
import { type Changes, renderActivation, renderSteps } from './steps.ts';
import { styleOf } from './style.ts';
import { joinBlocks, labelled, readableWidth, wrap } from './text.ts';

/** What `fix` is about to do, and what it leaves to a person. */
export interface PlannedFix {
  readonly plan: Plan;
  readonly left: readonly Check[];
  readonly notes: readonly string[];
}

/** How the run of a plan ended. */
export type FixResult =
  | {
      readonly state: 'kept' | 'to-be-confirmed';
      readonly id: string;
      readonly seconds?: number;
      readonly causesBefore: number;
      readonly causesAfter: number;
    }
  | {
      readonly state: 'undone' | 'half-undone';
      readonly id: string;
      readonly reason: string;
      readonly failures?: readonly string[];
    };

/** The plan for a person, with a unified diff of every file. */
export function renderFixPlan(
  { plan, left, notes }: PlannedFix,
  { host, changes }: { readonly host: string; readonly changes: Changes },
  rendering: Rendering,
): string {
  const { chalk } = styleOf(rendering);
  const width = readableWidth(rendering);
  const isEmpty = plan.steps.length === 0 && (plan.activate ?? []).length === 0;
  const headline = isEmpty
    ? `Nothing to do on ${host}${left.length === 0 ? '.' : ' that turnctl could decide.'}`
    : `Plan for ${host}: ${plural(plan.steps.length, 'step')}, against ${plan.resolves.join(', ')}`;
  return joinBlocks([
    wrap(headline, width).map(line => chalk.bold(line)),
    isEmpty ? [] : [...renderSteps(plan.steps, rendering, changes), ...renderActivation(plan, rendering)],
    notes.flatMap(note => labelled('i', note, width, 0, 2)),
    renderLeft(left, rendering),
  ]);
}

function renderLeft(left: readonly Check[], rendering: Rendering): string[] {
  if (left.length === 0) return [];
  const style = styleOf(rendering);
  const width = readableWidth(rendering);
  return [
    'Left for you to decide:',
    ...left.flatMap(({ id, severity, title, findings: [first] }) => [
      ...labelled(style.mark(severity), `${id}: ${printable(first?.message ?? title)}`, width, 0, 2),
      ...(first?.remedy === undefined ? [] : labelled('fix', printable(first.remedy), width, 2, 6)),
    ]),
  ];
}

/** How it ended, in one paragraph. */
export function renderFixResult(result: FixResult, rendering: Rendering): string {
  const { chalk } = styleOf(rendering);
  const width = readableWidth(rendering);
  const paint = result.state === 'kept' ? chalk.green : chalk.yellow;
  const [badge, text] = wordsOf(result);
  const [first = '', ...rest] = wrap(text, width - badge.length - 2);
  const indent = ' '.repeat(badge.length + 2);
  return joinBlocks([
    [`${paint(chalk.bold(badge))}  ${first}`, ...rest.map(line => indent + line)],
    'failures' in result && result.failures !== undefined
      ? result.failures.flatMap(it => labelled('x', printable(it), width, indent.length, 2))
      : [],
  ]);
}

function wordsOf(result: FixResult): [badge: string, text: string] {
  switch (result.state) {
    case 'kept':
      return [
        'KEPT',
        `${plural(result.causesBefore, 'cause')} before, ${result.causesAfter} now: the server was asked again. turnctl rollback ${result.id} gives everything back.`,
      ];
    case 'to-be-confirmed':
      return [
        'WAITS',
        `for you: turnctl fix --confirm ${result.id} keeps it. Without that it is undone after ${result.seconds} s, by the host itself.`,
      ];
    case 'undone':
      return ['UNDONE', `Everything is as it was before: ${printable(result.reason)}`];
    case 'half-undone':
      return [
        'NOT UNDONE',
        `${printable(result.reason)}. Not everything could be given back; turnctl rollback ${result.id} tries again.`,
      ];
  }
}

/** A run of the journal, for `rollback --list`. */
export interface ListedRun {
  readonly id: string;
  readonly startedAt: string;
  readonly command: string;
  readonly state: string;
  readonly steps: number;
  readonly resolves: readonly RuleId[];
}

/** The runs of a host, the newest first. */
export function renderRuns(runs: readonly ListedRun[], rendering: Rendering): string {
  const width = readableWidth(rendering);
  if (runs.length === 0) return 'turnctl has changed nothing on this host.\n';
  return joinBlocks([
    runs.flatMap(({ id, command, state, steps, resolves }) => [
      `${id.padEnd(19)} ${state.padEnd(16)} ${command}: ${plural(steps, 'step')}`,
      ...labelled('', resolves.join(', '), width, 20, 0),
    ]),
  ]);
}
