import type { Facts } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { Check } from '../model/report.ts';
import { hasAnswer } from './wire-evidence.ts';

/** A host as it was judged at one moment. */
export interface Judged {
  readonly facts: Facts;
  readonly checks: readonly Check[];
}

/**
 * Why a host is worse than it was before it was changed, or null: something on the wire that answered is silent, or an
 * error is there that was looked for before and not found. What could not be seen before is no proof.
 */
export function whyWorse(before: Judged, after: Judged): string | null {
  const silenced = silencedConversations(before.facts, after.facts);
  const [first] = silenced;
  const broken = after.checks.filter(check => isNewError(check, before.checks));
  const because = broken.find(({ explainedBy }) => explainedBy === undefined) ?? broken[0];
  const message = because?.findings[0]?.message ?? because?.title;
  if (because !== undefined) return `${because.id}: ${message}`;
  if (first !== undefined) return `${first} answered before, and does not any more`;
  return null;
}

function isNewError({ id, outcome, severity }: Check, before: readonly Check[]): boolean {
  if (outcome !== 'failed' || severity !== 'error') return false;
  return before.some(check => check.id === id && check.outcome === 'passed');
}

function silencedConversations(before: Facts, after: Facts): string[] {
  const now = new Set(answered(after));
  // Another port was asked for, perhaps: then the old one is not to answer.
  if (now.size === 0 || !after.wire.known) return answered(before);
  const asked = new Set(after.wire.value.observations.map(nameOf));
  return answered(before).filter(name => asked.has(name) && !now.has(name));
}

const answered = ({ wire }: Facts): string[] =>
  wire.known ? wire.value.observations.filter(hasAnswer).map(nameOf) : [];

const nameOf = ({ probe, uri, transport }: Observation): string => `${uri} (${probe}, ${transport})`;

/** Whether the server answers everything that it answered before, and something at least: nothing is left to wait for. */
export function isServing(before: Facts, after: Facts): boolean {
  return answered(after).length > 0 && silencedConversations(before, after).length === 0;
}
