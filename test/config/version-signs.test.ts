import { expect, test } from 'vitest';
import { likelyRelease } from '../../src/config/version-signs.ts';
import type { Observation } from '../../src/model/observation.ts';
import { binding, conformance, identity } from '../support/observations.ts';

const face = (nonceLength: number, software = '') =>
  identity({ faces: [{ realm: 'turn.example.org', software, nonceLength, count: 12 }] });
const reasonGiven = conformance({
  unknownAttribute: { answer: 420, reason: 'Unknown attribute', unknownAttributes: [0x7ffe] },
  legacy: { answered: true, requestBytes: 20, responseBytes: 84 },
});
const named = (software: string): Observation => Object.assign(binding(), { software });

const cases: readonly [what: string, observations: readonly Observation[], says: RegExp | undefined][] = [
  ['nothing to go by', [binding()], undefined],
  ['no challenge, so perhaps no coturn at all', [conformance()], undefined],
  ['a nonce of 24', [face(24), conformance()], /^coturn 4\.16\.0 or later, if it is coturn/],
  ['a nonce of 16 and no reason', [face(16), conformance()], /4\.10\.0 or later, 4\.15\.0 or earlier/],
  ['a nonce of 16, reasons', [face(16), reasonGiven], /^coturn 4\.10\.0 or earlier/],
  ['signs that contradict each other', [face(24), reasonGiven], /hidden by options or by several servers/],
  ['SOFTWARE that fits', [named("Coturn-4.6.1 'Gorst'"), face(16), reasonGiven], undefined],
  ['SOFTWARE that does not', [named('Coturn-4.6.1'), face(24)], /says Coturn-4\.6\.1, but .*nonce of 24/],
  ['another server', [named('Pion'), face(16)], undefined],
];
test.each(cases)('%s', (_, observations, says) => {
  if (says === undefined) expect(likelyRelease(observations)).toBeUndefined();
  else expect(likelyRelease(observations)).toMatch(says);
});
