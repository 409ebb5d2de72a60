import { authentication } from '../../config/effective.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import type { ConfigFact, VersionFact, WireFact } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress } from '../../model/transport.ts';
import { printable } from '../../util/text.ts';
import { atEntry, quoted } from '../evidence.ts';
import { misspelt } from '../misspelt.ts';
import { endpointOf } from '../wire-evidence.ts';

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
    const seen = onTheWire(wire);
    const written = config === undefined || version === undefined ? null : inTheFile(config, version);
    if (written === null || 'skip' in written) return written !== null && seen.length === 0 ? written : seen;
    return written
      .map(problem => {
        const [proof] = seen;
        return proof === undefined
          ? problem
          : { ...problem, evidence: `${problem.evidence}; ${proof.evidence}` };
      })
      .concat(written.length === 0 ? seen : []);
  },
});

/** An Allocate that succeeded although it carried no credentials. */
function onTheWire(wire: WireFact | undefined): Problem[] {
  const open = observed(wire?.observations ?? [], 'turn-allocate').find(
    o => o.outcome === 'allocated' && !o.challenged,
  );
  if (open?.outcome !== 'allocated') return [];
  return [
    {
      message: 'The server allocates a relayed address for a client without credentials',
      evidence: `${endpointOf(open)}: Allocate without credentials got ${formatAddress(open.relayedAddress)}`,
    },
  ];
}

function inTheFile(config: ConfigFact, { version }: VersionFact): readonly Problem[] | { skip: string } {
  const settings = settingsOf(config, version);
  if (authentication(settings).mode !== 'anonymous') return [];
  if (settings.flag('stun-only')) return { skip: 'TURN is switched off (stun-only)' };
  return [problemOf(config, settings)];
}

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
