import { authentication } from '../../config/effective.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import type { ConfigFact } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import type { AllocateObservation } from '../../model/observations/turn-allocate.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress } from '../../model/transport.ts';
import { printable } from '../../util/text.ts';
import { atEntry, quoted } from '../evidence.ts';
import { misspelt } from '../misspelt.ts';
import { endpointOf, hasAnswer } from '../wire-evidence.ts';

const MECHANISMS = ['static-auth-secret', 'use-auth-secret', 'lt-cred-mech', 'user'];

export default defineRule({
  id: 'auth/anonymous-relay',
  meta: {
    title: 'Anyone may relay',
    effect: 'Anyone on the internet can relay traffic through this server',
    why: 'Without an authentication option coturn asks nobody for credentials. Calls work, with any password and with none; strangers relay at your expense and in your name, into your network too.',
    remedy:
      'Add use-auth-secret with static-auth-secret=SECRET (the one the application signs with) and realm=your.domain, then restart coturn.',
    severity: 'error',
    explainedBy: ['config/unreadable', 'config/not-coturn'],
    references: ['RFC 8656 §21.1.1'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const allocates = observed(wire?.observations ?? [], 'turn-allocate');
    const proof = allocates.map(openAllocate).find(text => text !== null);
    if (config !== undefined && version !== undefined) {
      const settings = settingsOf(config, version.version);
      if (authentication(settings).mode === 'anonymous') {
        if (settings.flag('stun-only')) return { skip: 'TURN is switched off (stun-only)' };
        const problem = problemOf(config, settings);
        const asks = proof === undefined ? allocates.find(isChallenged) : undefined;
        const seen =
          asks &&
          `${endpointOf(asks)}: the running server still asks for credentials, so the file was changed after its start`;
        return [{ ...problem, evidence: [problem.evidence, proof ?? seen].filter(Boolean).join('; ') }];
      }
    }
    if (proof !== undefined) {
      return [
        {
          message: 'The server allocates a relayed address for a client without credentials',
          evidence: proof,
        },
      ];
    }
    return config === undefined && !allocates.some(hasAnswer) ? { skip: 'no Allocate was answered' } : [];
  },
});

/** An Allocate that succeeded although it carried no credentials, as evidence. */
const openAllocate = (observation: AllocateObservation): string | null =>
  observation.outcome === 'allocated' && !observation.challenged
    ? `${endpointOf(observation)}: Allocate without credentials got ${formatAddress(observation.relayedAddress)}`
    : null;

const isChallenged = (observation: AllocateObservation): boolean =>
  observation.outcome === 'challenged' || (observation.outcome === 'allocated' && observation.challenged);

function problemOf(config: ConfigFact, settings: Settings): Problem {
  const noAuth = settings.flag('no-auth') ? settings.deciding('no-auth') : undefined;
  if (noAuth !== undefined) return { message: 'no-auth switches authentication off', ...atEntry(noAuth) };

  const dropped = misspelt(config, settings.version, MECHANISMS);
  if (dropped !== null) {
    const { entry, meant } = dropped;
    return {
      message: `No authentication is in force: coturn does not know "${printable(entry.name)}", so ${meant} is not set`,
      ...atEntry(entry),
      remedy: `Write ${meant} and restart coturn.`,
    };
  }
  const off = settings.deciding('lt-cred-mech');
  return {
    message:
      'No authentication is in force: neither lt-cred-mech, use-auth-secret, static-auth-secret nor a user is set',
    at: { file: config.path },
    evidence: off === undefined ? `no such line in ${config.path}` : quoted(off),
  };
}
