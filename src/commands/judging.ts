import type { FailOn } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import type { KnownFinding } from '../rules/baseline.ts';
import { rules as RULES } from '../rules/index.ts';
import { overrideSeverities } from '../rules/override-severities.ts';
import { readBaseline } from './baseline-file.ts';
import type { Io } from './io.ts';
import type { ReportOptions } from './options.ts';
import { type Selection, selectRules } from './rule-selection.ts';
import { readSettingsFile } from './settings-file.ts';

/** How to judge: what flags, settings file and baseline come to. */
export interface Judging {
  /** With the operator's severities. */
  readonly rules: readonly Rule[];
  readonly failOn: FailOn;
  readonly asVersion: string | undefined;
  readonly baseline: readonly KnownFinding[];
  readonly writeTo: string | undefined;
}

/** Flags count for more than the settings file, which may lie beside the first of these files. @throws {UsageError} {HostError} */
export async function judgingBy(
  options: ReportOptions & Selection,
  { rules, files }: { readonly rules: readonly Rule[]; readonly files: readonly string[] },
  io: Io,
): Promise<Judging> {
  const settings = await readSettingsFile(options.settings, files, RULES, io);
  return {
    rules: overrideSeverities(selectRules(rules, options), settings.severity),
    failOn: options.failOn ?? settings.failOn ?? 'error',
    asVersion: options.asVersion ?? settings.asVersion,
    baseline: await readBaseline(options.baseline, io),
    writeTo: options.writeBaseline,
  };
}
