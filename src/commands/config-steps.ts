import { applyEdits, type ConfigEdit } from '../config/edit.ts';
import { readConfig } from '../config/read-config.ts';
import type { Site } from '../fixes/host-edits.ts';
import { compatible, planFixes } from '../fixes/index.ts';
import { sha256 } from '../fixes/journal.ts';
import { known, unknown } from '../model/fact.ts';
import type { ConfigFact, Facts } from '../model/facts.ts';
import type { RuleId } from '../model/finding.ts';
import type { Step } from '../model/plan.ts';
import type { Check } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { runRules } from '../rules/run.ts';

/** How often a mended file is judged again: one line may have several faults. */
const MOST_ROUNDS = 12;

export interface ConfigInput {
  readonly facts: Facts;
  /** As the whole host was judged. */
  readonly checks: readonly Check[];
  readonly rules: readonly Rule[];
  readonly now: number;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly site: Site;
  /** Edits that go with repairs of the host. */
  readonly first: readonly ConfigEdit[];
  readonly isAsked: (rule: RuleId) => boolean;
  /** Rules that the operator named: what needs judgement is decided by that. */
  readonly isNamed: (rule: RuleId) => boolean;
}

export interface ConfigSteps {
  readonly steps: readonly Step[];
  readonly resolves: readonly RuleId[];
  /** The configuration as it will be. */
  readonly bytes: Uint8Array;
  readonly fact: ConfigFact;
}

/**
 * Mends the file, judges it again by itself, and so on: what is folded under another cause now, or hidden by a service
 * that does not run, is mended in the same run.
 */
export function planConfigSteps(input: ConfigInput): ConfigSteps {
  const { facts, path, rules, now, first, isAsked, isNamed, site } = input;
  const version = facts.version.known ? facts.version.value : undefined;
  const steps: Step[] = [];
  const resolves = new Set<RuleId>();
  let bytes = input.bytes;
  let fact = read(bytes);
  if (version === undefined) return { steps, resolves: [], bytes, fact };
  const change = (edits: readonly ConfigEdit[], why: string, ...mended: readonly RuleId[]) => {
    const next = applyEdits(bytes, edits);
    if (Buffer.compare(next, bytes) === 0) return false;
    const resolved = mended.length === 0 ? {} : { resolves: [...new Set(mended)] };
    steps.push({ kind: 'edit-file', path, expectSha256: sha256(bytes), edits, why, ...resolved });
    bytes = next;
    fact = read(bytes);
    return true;
  };
  change(first, 'names the files that the service can read');
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const alone = runRules(rules, asFileAlone(facts, fact), now);
    const judged = round === 1 ? merged(alone, input.checks) : alone;
    const asked = judged.filter(({ id }) => isAsked(id)).map(unfolded);
    const chosen = compatible(planFixes(asked, fact, version, site), isNamed);
    const why = [...new Set(chosen.map(({ what }) => what))].join('; ');
    if (
      !change(
        chosen.flatMap(({ edits }) => edits),
        why,
      )
    )
      break;
    for (const { rule } of chosen) resolves.add(rule);
  }
  return { steps, resolves: [...resolves], bytes, fact };

  function read(text: Uint8Array): ConfigFact {
    const foundBy = facts.config.known ? facts.config.value.foundBy : 'asked';
    const own = readConfig(text, { path, foundBy, version: version?.version ?? '' });
    const given = facts.config.known ? facts.config.value.entries : [];
    return { ...own, entries: [...own.entries, ...given.filter(({ origin }) => origin === 'command-line')] };
  }
}

/** Without what a service that runs on another file shows. */
function asFileAlone(facts: Facts, config: ConfigFact): Facts {
  const later = unknown('the service does not run on this file yet');
  return {
    ...facts,
    config: known(config),
    configFile: later,
    service: later,
    processes: later,
    sockets: later,
    tlsFiles: later,
    log: later,
    logLines: later,
    wire: later,
  };
}

const merged = (alone: readonly Check[], whole: readonly Check[]): Check[] =>
  alone.map(check =>
    check.outcome === 'failed' ? check : (whole.find(({ id }) => id === check.id) ?? check),
  );

function unfolded({ explainedBy: _, ...check }: Check): Check {
  return check;
}
