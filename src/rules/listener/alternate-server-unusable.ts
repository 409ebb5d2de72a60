import type { Problem } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import type { AllocateObservation } from '../../model/observations/turn-allocate.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress } from '../../model/transport.ts';
import { parseIp } from '../../util/ip.ts';
import { isInternal } from '../relay-addresses.ts';
import { wireEvidence } from '../wire-evidence.ts';

/** Ways in which an alternate server turns out not to be there. */
const DEAD: readonly AllocateObservation['outcome'][] = ['no-response', 'refused', 'unreachable', 'closed'];

const ENDS: { readonly [E in NonNullable<AllocateObservation['redirectEnd']>]: string } = {
  loop: 'back to a server that was asked before',
  'too-many': 'on for a fourth time',
  'no-address': 'on, and names no server',
};

export default defineRule({
  id: 'listener/alternate-server-unusable',
  meta: {
    title: 'Clients are sent to an alternate server they cannot use',
    effect: 'No client gets a relay candidate',
    why: 'With alternate-server coturn answers every Allocate with 300 (Try Alternate) and the address of another server. When that sends the client back, is not there, or has an address of another network, the client gives up.',
    remedy:
      'Correct alternate-server so that it names a server that clients reach and that answers Allocate itself, or remove it.',
    severity: 'error',
    references: ['RFC 8489 §10'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const answered = observed(wire.observations, 'turn-allocate').filter(
      o => o.outcome === 'allocated' || o.outcome === 'challenged' || redirected(o),
    );
    if (answered.length === 0) return { skip: 'no Allocate was answered' };
    return answered.flatMap(o => problemOf(o) ?? []);
  },
});

const redirected = (o: AllocateObservation): boolean =>
  o.alternate !== undefined || o.redirectEnd !== undefined;

function problemOf(observation: AllocateObservation): Problem | null {
  const { alternate, redirectEnd, server, outcome } = observation;
  const evidence = wireEvidence(observation);
  const from = server ? formatAddress(server) : observation.uri;
  if (redirectEnd) {
    const last = alternate ? formatAddress(alternate) : from;
    return {
      message: `${last} sends clients ${ENDS[redirectEnd]} (300)`,
      option: 'alternate-server',
      evidence,
    };
  }
  if (!alternate) return null;
  const there = formatAddress(alternate);
  if (DEAD.includes(outcome)) {
    return {
      message: `${from} sends clients to ${there}, which does not answer`,
      option: 'alternate-server',
      evidence,
    };
  }
  const [asked, next] = [parseIp(server?.ip ?? ''), parseIp(alternate.ip)];
  if (!asked || !next || isInternal(asked) || !isInternal(next)) return null;
  return {
    message: `${from} is public and sends clients to the private address ${there}`,
    option: 'alternate-server',
    evidence,
  };
}
