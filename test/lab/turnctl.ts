import { join } from 'node:path';
import type { Finding } from '../../src/model/finding.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Check } from '../../src/model/report.ts';
import { type ExecOptions, type ExecResult, exec } from './exec.ts';
import { repository } from './host.ts';
import type { LabNode } from './network.ts';

/** What `turnctl diagnose --json` printed, as a script would read it. */
export interface Diagnosis {
  readonly exitCode: number;
  readonly verdict: { readonly status: string; readonly headline: string; readonly exitCode: number };
  readonly checks: readonly Check[];
  /** `address` stands for `server` here. */
  readonly observations: readonly Observation[];
  /** The whole of standard output, for what must not be in it. */
  readonly text: string;
}

/** How the built turnctl is started. */
export const PROGRAM = [process.execPath, join(repository, 'bin/turnctl.js')];

/** Anything that runs programs: a lab host, or a machine that is only a network. */
export interface Vantage {
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
}

/** The programs of this machine, in the network of another: no access to any host. */
export const outside = ({ namespace }: LabNode): Vantage => ({
  exec: (argv, options) => exec(['ip', 'netns', 'exec', namespace, ...argv], options),
});

/** Runs the built turnctl; any exit code is a result. */
export const turnctl = (
  from: Vantage,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ExecResult> => from.exec([...PROGRAM, ...argv], { env });

/** Runs the built turnctl. @throws {Error} with what it said when it printed no report. */
export async function diagnose(
  from: Vantage,
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Diagnosis> {
  const { exitCode, stdout, stderr } = await turnctl(from, ['diagnose', '--json', ...argv], env);
  if (!stdout.startsWith('{')) throw new Error(`diagnose ended with ${exitCode}: ${stderr || stdout}`);
  return { ...(JSON.parse(stdout) as Omit<Diagnosis, 'exitCode' | 'text'>), exitCode, text: stdout };
}

/** The causes: failed and explained by nothing else, as `error listener/no-stun`, sorted; without those of mere interest. */
export function causes({ checks }: Pick<Diagnosis, 'checks'>): string[] {
  return checks
    .filter(({ outcome, explainedBy }) => outcome === 'failed' && explainedBy === undefined)
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, id }) => `${severity} ${id}`)
    .sort();
}

/** The first finding of a rule that failed. @throws {Error} with the outcome when it did not. */
export function finding({ checks }: Pick<Diagnosis, 'checks'>, id: string): Finding {
  const check = checks.find(candidate => candidate.id === id);
  const [first] = check?.findings ?? [];
  if (first === undefined) throw new Error(`${id} ${check?.outcome ?? 'is no rule'}: ${check?.reason ?? ''}`);
  return first;
}
