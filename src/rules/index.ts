import type { Rule } from '../model/rule.ts';

/** Every rule, sorted by id. A new rule is one file, its test and one line here. */
export const rules: readonly Rule[] = [];
