import { known } from '../../src/model/fact.ts';
import type { ServiceFact } from '../../src/model/facts.ts';
import { deployment } from './facts-builder.ts';

const healthyService = deployment.facts.service;
if (!healthyService.known) throw new Error('the healthy deployment has a service');

/** Debian's unit, in another state, with these messages as the end of its journal (`journalctl -o short-iso`). */
export const unit = (changes: Partial<ServiceFact>, ...journal: readonly string[]): ServiceFact => ({
  ...healthyService.value,
  ...changes,
  journal: known(journal),
});

/** A unit whose process ended by itself. */
export const failedUnit = (...journal: readonly string[]): ServiceFact =>
  unit({ active: 'failed', sub: 'failed', result: 'exit-code', mainPid: null }, ...journal);

/** What coturn writes, as the journal keeps it: one entry for each line. */
export const turnserver = (...messages: readonly string[]): string[] =>
  messages.map(message => `2026-01-31T11:58:01+0000 turn turnserver[812]: ${message}`);

export const systemd = (...messages: readonly string[]): string[] =>
  messages.map(message => `2026-01-31T11:58:02+0000 turn systemd[1]: ${message}`);
