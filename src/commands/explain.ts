import type { Command } from 'commander';
import { fixability } from '../fixes/index.ts';
import type { Rule } from '../model/rule.ts';
import { renderExplanation, renderRuleList } from '../report/explanation.ts';
import { renderRuleReference } from '../report/rule-reference.ts';
import { rules as RULES } from '../rules/index.ts';
import type { Io } from './io.ts';
import { closest } from './suggestion.ts';
import { UsageError } from './usage-error.ts';

export interface ExplainOptions {
  readonly rule?: string;
  readonly all?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runExplain = runExplain,
): void {
  command
    .argument('[rule]', 'id of a rule, as listener/no-stun; without it: the list')
    .option('--all', 'the whole rule reference, in Markdown')
    .option('--json', 'machine-readable')
    .option('--output <file>', 'write it there instead of standard output')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .action(async (rule: string | undefined, flags: Omit<ExplainOptions, 'rule'>) =>
      done(await run({ ...(rule === undefined ? {} : { rule }), ...flags }, io)),
    );
}

/** Prints why a rule exists and how to mend what it finds. @throws {UsageError} for an id that is none */
export async function runExplain(
  options: ExplainOptions,
  io: Io,
  rules: readonly Rule[] = RULES,
): Promise<number> {
  const text = explanation(options, io, rules);
  if (options.output === undefined) io.stdout(text);
  else await io.writeFile(options.output, text);
  return 0;
}

function explanation({ rule: id, all, json }: ExplainOptions, io: Io, rules: readonly Rule[]): string {
  const chosen = id === undefined ? undefined : ruleOf(id, rules);
  if (json === true) return `${JSON.stringify((chosen ? [chosen] : rules).map(documentOf), null, 2)}\n`;
  if (chosen !== undefined) return renderExplanation(chosen, io.rendering, fixability(chosen.id));
  return all === true ? renderRuleReference(rules) : renderRuleList(rules, io.rendering);
}

function ruleOf(id: string, rules: readonly Rule[]): Rule {
  const found = rules.find(rule => rule.id === id);
  if (found !== undefined) return found;
  const near = closest(
    id,
    rules.map(rule => rule.id),
  );
  throw new UsageError(
    `there is no rule ${id}`,
    near === undefined ? 'turnctl explain lists them.' : `Did you mean ${near}?`,
  );
}

const documentOf = ({ id, meta, needs, either, uses }: Rule) => {
  const fixable = fixability(id);
  return { id, ...meta, needs, either, uses, ...(fixable === undefined ? {} : { fixable }) };
};
