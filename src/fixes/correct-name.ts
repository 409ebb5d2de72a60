import { findDirective, isKnown } from '../config/directives.ts';
import { type Fix, lineTarget, type Safety } from './fix.ts';

/** Options that take nobody's access away and open nothing when they come into force after all. */
const HARMLESS: ReadonlySet<string> = new Set([
  'denied-peer-ip',
  'no-multicast-peers',
  'no-loopback-peers',
  'fingerprint',
  'verbose',
  'no-cli',
  'no-software-attribute',
  'no-rfc5780',
  'no-stun-backward-compatibility',
  'response-origin-only-with-rfc5780',
  'pidfile',
]);

/** A name that differs from an option's only in how it is written: dashes in front, underscores, capitals, a colon. */
export const correctName: Fix = {
  rules: ['config/unknown-option'],
  safety: 'either',
  plan(finding, { entryOf, version: { version } }) {
    const entry = entryOf(finding);
    if (entry === undefined) return null;
    const name = entry.name
      .replace(/^[-–—]+/, '')
      .replace(/:$/, '')
      .replaceAll('_', '-')
      .toLowerCase();
    if (name === entry.name || !isKnown(name, version)) return null;
    return {
      safety: safetyOf(name),
      what: `write ${entry.name} as ${name}`,
      edits: [{ kind: 'rename', target: lineTarget(entry), to: name }],
    };
  },
};

const safetyOf = (name: string): Safety =>
  HARMLESS.has(name) || findDirective(name)?.pass === 'log' ? 'safe' : 'needs-judgement';
