import { settingsOf } from '../../config/settings.ts';
import type { WireFact } from '../../model/facts.ts';
import { observed } from '../../model/observation.ts';
import { defineRule, type RuleResult } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { atEntry, quotedAll } from '../evidence.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'auth/secret-overrides-users',
  meta: {
    title: 'Static users beside time-limited credentials',
    effect: 'Static users are refused with 401',
    why: 'use-auth-secret and static-auth-secret switch coturn to time-limited credentials, and the user lines are not even loaded. The value of use-auth-secret is never read: "=false" switches it on too.',
    remedy: 'Keep one: delete the user lines, or delete use-auth-secret and static-auth-secret.',
    severity: 'error',
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    if (config === undefined || version === undefined) return refusedOnWire(wire);
    const settings = settingsOf(config, version.version);
    const users = settings.entries('user');
    if (!settings.flag('use-auth-secret') || users.length === 0) return [];
    const cause = settings.deciding('use-auth-secret') ?? settings.deciding('static-auth-secret')!;
    return [
      {
        message: `${cause.name} makes coturn ignore ${plural(users.length, 'user line')}: ${
          users.length === 1 ? 'that user gets' : 'each of them gets'
        } 401`,
        ...atEntry(cause),
        evidence: quotedAll([cause, ...users.slice(0, 3)]),
      },
    ];
  },
});

function refusedOnWire(wire: WireFact | undefined): RuleResult {
  const asked = observed(wire?.observations ?? [], 'turn-auth').flatMap(observation =>
    observation.outcome === 'complete' && observation.given.some(isTaken)
      ? [{ observation, users: observation.given.filter(({ kind }) => kind === 'static') }]
      : [],
  );
  if (asked.every(({ users }) => users.length === 0)) {
    return {
      skip: 'no static user was tried beside a secret (turnctl probe auth --user --secret-file does)',
    };
  }
  return asked.flatMap(({ observation, users }) =>
    users
      .filter(({ answer }) => answer === 401)
      .map(({ label }) => ({
        message: `${endpointOf(observation)} takes time-limited credentials and refuses ${label}`,
        evidence: `credentials of the secret: accepted; ${label}: 401`,
      })),
  );
}

const isTaken = ({ kind, answer }: { readonly kind: string; readonly answer: unknown }): boolean =>
  kind === 'time-limited' && answer === 'accepted';
