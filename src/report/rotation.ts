import type { Plan } from '../model/plan.ts';
import type { Rendering } from '../model/report.ts';
import { plural } from '../util/text.ts';
import { type FixResult, renderFixResult } from './fix.ts';
import { type Changes, renderActivation, renderSteps } from './steps.ts';
import { styleOf } from './style.ts';
import { joinBlocks, labelled, readableWidth, wrap } from './text.ts';

/** One half of an exchange of secrets as it is shown: without any of them. */
export interface ShownRotation {
  readonly host: string;
  readonly finish: boolean;
  readonly plan: Plan;
  readonly notes: readonly string[];
}

/** What is about to be done, with the lines of the file, masked. */
export function renderRotationPlan(
  { host, finish, plan, notes }: ShownRotation,
  changes: Changes,
  rendering: Rendering,
): string {
  const { chalk } = styleOf(rendering);
  const width = readableWidth(rendering);
  const isEmpty = plan.steps.length === 0;
  const what = finish ? 'the old secrets go' : 'a new secret beside the old';
  const headline = isEmpty ? `Nothing to do on ${host}: there is one secret.` : `Plan for ${host}: ${what}`;
  return joinBlocks([
    wrap(headline, width).map(line => chalk.bold(line)),
    isEmpty ? [] : [...renderSteps(plan.steps, rendering, changes), ...renderActivation(plan, rendering)],
    notes.flatMap(note => labelled('i', note, width, 0, 2)),
  ]);
}

/** How a run ended, with the number of secrets that were tried. */
export type RotationResult =
  | { readonly state: 'kept'; readonly id: string; readonly accepted: number; readonly refused: number }
  | Extract<FixResult, { readonly state: 'undone' | 'half-undone' }>;

/** How it ended, in one paragraph. */
export function renderRotationResult(result: RotationResult, rendering: Rendering): string {
  if (result.state !== 'kept') return renderFixResult(result, rendering);
  const { chalk } = styleOf(rendering);
  const { id, accepted, refused } = result;
  const tried =
    accepted === 0
      ? 'The file is changed; coturn does not know it yet.'
      : `coturn was asked: it takes ${plural(accepted, 'secret')}${refused === 0 ? '' : `, and refuses ${plural(refused, 'old one', 'old ones')}`}.`;
  const [first = '', ...rest] = wrap(
    `${tried} turnctl rollback ${id} gives everything back.`,
    readableWidth(rendering) - 6,
  );
  return joinBlocks([[`${chalk.green(chalk.bold('KEPT'))}  ${first}`, ...rest.map(line => `      ${line}`)]]);
}
