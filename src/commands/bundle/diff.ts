import type { Command } from 'commander';
import { compareBundles, type Side } from '../../bundle/compare.ts';
import { renderDifferences } from '../../report/bundle.ts';
import { escapedJson } from '../../report/visible.ts';
import { rules } from '../../rules/index.ts';
import { runRules } from '../../rules/run.ts';
import type { Io } from '../io.ts';
import { savedFacts } from '../saved-facts.ts';
import { readBundle, reportOf, warnOfChanges } from './read.ts';

export interface DiffOptions {
  readonly good: string;
  readonly bad: string;
  readonly json?: boolean;
}

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runDiff = runDiff,
): void {
  command
    .argument('<good>', 'bundle of when, or where, it worked')
    .argument('<bad>', 'bundle of when, or where, it did not')
    .option('--json', 'one JSON document')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .action(async (good: string, bad: string, flags: Pick<DiffOptions, 'json'>) =>
      done(await run({ ...flags, good, bad }, io)),
    );
}

/** Prints what differs: 0 nothing, 1 something, as diff(1). @throws {UsageError} {HostError} */
export async function runDiff({ good, bad, json }: DiffOptions, io: Io): Promise<number> {
  const [before, after] = [await readSide(good, io), await readSide(bad, io)];
  if (before.keepsAddresses !== after.keepsAddresses) {
    const kept = before.keepsAddresses ? good : bad;
    io.stderr(`turnctl: only ${kept} was made with --keep-addresses: addresses differ for that alone\n`);
  }
  const differences = compareBundles(before, after);
  io.stdout(
    json === true
      ? `${escapedJson(JSON.stringify({ schemaVersion: 1, command: 'bundle diff', good, bad, differences }, null, 2))}\n`
      : renderDifferences(differences, io.rendering),
  );
  return differences.length === 0 ? 0 : 1;
}

/** Judged by the rules of this turnctl, so that two bundles of different releases can be compared. */
async function readSide(path: string, io: Io): Promise<Side & { readonly keepsAddresses: boolean }> {
  const bundle = await readBundle(path, io);
  warnOfChanges(bundle, path, io);
  const { manifest, text } = bundle;
  const { facts } = savedFacts(reportOf(bundle, path), path);
  const checks = runRules(rules, facts, Date.parse(facts.observedAt));
  const keepsAddresses = manifest.redactions.addresses === null;
  return {
    facts,
    text,
    keepsAddresses,
    failed: checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id),
  };
}
