import { canonicalName } from '../config/directives.ts';
import { applyEdits, type ConfigEdit } from '../config/edit.ts';
import { type ParsedEntry, parseConfig } from '../config/parse.ts';
import { secretsOf } from '../config/secrets.ts';
import type { Step } from '../model/plan.ts';
import { sha256 } from './journal.ts';

const OPTION = 'static-auth-secret';

/** One half of an exchange of secrets: what changes in the file, and whom coturn must take and refuse afterwards. */
export interface Rotation {
  readonly steps: readonly Step[];
  /** In clear text, the one to sign with first. Never printed. */
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
}

interface ConfigFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Why there is no plan, for the operator. */
export interface NoRotation {
  readonly problem: string;
}

/**
 * A new secret before the old ones: coturn takes all of them in any order (4.6.1 and later), and whoever signs with the
 * first one of the file signs with the new one from then on. Pure.
 */
export function planAddition(file: ConfigFile, secret: string): Rotation | NoRotation {
  const { path, bytes } = file;
  const old = secretsIn(bytes);
  const [first] = linesIn(bytes);
  if (first === undefined) return { problem: `${path} has no ${OPTION} to exchange` };
  if (old.includes(secret)) return { problem: `the new secret is in ${path} already` };
  const edits: ConfigEdit[] = [{ kind: 'add', option: OPTION, value: secret, first: true }];
  const accepted = secretsIn(applyEdits(bytes, edits));
  if (accepted[0] !== secret || accepted.length !== old.length + 1) {
    return { problem: 'coturn would read the new secret as another one: take letters, digits, - and _' };
  }
  const why = `a new secret goes before line ${first.line}: coturn takes credentials of both, old and new`;
  return { steps: [editOf(file, edits, why)], accepted: accepted.filter(isUsable), refused: [] };
}

/** The first secret of the file alone; no step where it is alone already. Pure. */
export function planRemoval(file: ConfigFile): Rotation | NoRotation {
  const { path, bytes } = file;
  const [kept, ...others] = linesIn(bytes);
  if (kept === undefined) return { problem: `${path} has no ${OPTION} to keep` };
  const secret = kept.value ?? '';
  if (!isUsable(secret)) return { problem: `${path}:${kept.line}: the ${OPTION} to be kept is empty` };
  const edits = others.map(
    ({ name, line }): ConfigEdit => ({ kind: 'delete-line', target: { option: name, line } }),
  );
  const why = `line ${kept.line} stays, the newest secret: whoever has an old one can make no more credentials`;
  return {
    steps: edits.length === 0 ? [] : [editOf(file, edits, why)],
    accepted: [secret],
    refused: secretsIn(bytes).filter(other => other !== secret && isUsable(other)),
  };
}

const editOf = ({ path, bytes }: ConfigFile, edits: readonly ConfigEdit[], why: string): Step => ({
  kind: 'edit-file',
  path,
  expectSha256: sha256(bytes),
  edits,
  why,
});

const linesIn = (bytes: Uint8Array): readonly ParsedEntry[] =>
  parseConfig(bytes, '').entries.filter(({ name, overflow }) => !overflow && canonicalName(name) === OPTION);

const secretsIn = (bytes: Uint8Array): readonly string[] => secretsOf(linesIn(bytes)).staticAuthSecrets;

/** An empty one lets everybody in, and nothing is signed with it. */
const isUsable = (secret: string): boolean => secret !== '';
