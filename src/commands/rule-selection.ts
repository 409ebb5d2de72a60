import type { Rule } from '../model/rule.ts';
import { closest } from './suggestion.ts';
import { UsageError } from './usage-error.ts';

export interface Selection {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Only when an upgrade is asked about are the rules for it run; otherwise they are absent, not skipped. */
  readonly upgradeTo?: string;
}

/** The rules that `--only` and `--skip` leave: ids, or whole topics. @throws {UsageError} for a name that is neither */
export function selectRules(rules: readonly Rule[], { only, skip, upgradeTo }: Selection): Rule[] {
  for (const name of [...(only ?? []), ...(skip ?? [])]) {
    if (rules.some(rule => matches(rule, name))) continue;
    const near = closest(
      name,
      rules.map(rule => rule.id),
    );
    throw new UsageError(
      `there is no rule or topic ${name}`,
      near === undefined ? 'turnctl explain lists them.' : `Did you mean ${near}?`,
    );
  }
  return rules.filter(
    rule =>
      (upgradeTo !== undefined || !rule.needs.includes('upgrade')) &&
      (only === undefined || only.some(name => matches(rule, name))) &&
      !(skip ?? []).some(name => matches(rule, name)),
  );
}

const matches = ({ id }: Rule, name: string): boolean =>
  id === name || id.startsWith(name.endsWith('/') ? name : `${name}/`);
