import type { FactValues, ProcessFact, SocketFact } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import type { IdentityObservation } from '../../model/observations/server-identity.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { endpointOf, hasAnswer, nothingFound } from '../wire-evidence.ts';

export default defineRule({
  id: 'service/second-instance',
  meta: {
    title: 'Two turnservers answer on one port',
    effect: 'Calls fail at random',
    why: 'coturn binds with SO_REUSEPORT, so that a second one starts without an error. With one user the kernel spreads clients over both, and a nonce or credential of one is refused by the other (401, 438); with two users the newer one takes every UDP packet.',
    remedy: 'Stop one of the two, and see that nothing starts it again.',
    severity: 'error',
    // A server that crashed in between knows none of its nonces any more.
    explainedBy: ['relay/port-range-inverted', 'relay/port-range-invalid'],
    references: ['RFC 8489 §9.2.4 (438 Stale Nonce)', 'socket(7), SO_REUSEPORT'],
  },
  either: ['processes', 'wire'],
  uses: ['sockets', 'service'],
  check: facts => {
    const onHost = sharedPorts(facts);
    if (onHost.length > 0) return onHost;
    const mixed = mixedAnswers(facts);
    if (mixed.length > 0 || facts.processes !== undefined) return mixed;
    const asked = observed(facts.wire?.observations ?? [], 'server-identity').some(hasAnswer);
    return nothingFound(undefined, asked, 'the server was not asked several times');
  },
});

type Readable = Partial<Pick<FactValues, 'processes' | 'wire' | 'sockets' | 'service'>>;

/** Two running turnservers of this network with a socket on the same protocol, address and port. */
function sharedPorts({ processes = [], sockets = [], service }: Readable): Problem[] {
  const here = processes.filter(({ sameNetwork }) => sameNetwork);
  const clashes = here.flatMap((first, index) =>
    here.slice(index + 1).flatMap(second => {
      const shared = portsOf(first, sockets).filter(socket =>
        portsOf(second, sockets).some(other => overlap(socket, other)),
      );
      return shared.length > 0 ? [{ pair: byAge(first, second), shared }] : [];
    }),
  );
  return clashes.map(({ pair: [older, newer], shared }) => {
    const ports = [...new Set(shared.map(({ protocol, port }) => `${port}/${protocol}`))];
    const effect =
      older.user === newer.user
        ? 'the kernel spreads clients over both'
        : `all UDP goes to the newer one, of user ${newer.user}`;
    return {
      message: `Processes ${older.pid} and ${newer.pid} are both turnserver on port ${listed(ports)}: ${effect}`,
      evidence: [older, newer].map(describeProcess).join('; '),
      remedy: `Keep one: ${stopAdvice(newer.unit === service?.name ? older : newer)}.`,
      causes: [],
    };
  });
}

const portsOf = ({ pid }: ProcessFact, sockets: readonly SocketFact[]) =>
  sockets.filter(socket => socket.pid === pid);

function overlap(a: SocketFact, b: SocketFact): boolean {
  const everywhere = [a.ip, b.ip].some(ip => ip === '0.0.0.0' || ip === '::' || ip === '*');
  return a.protocol === b.protocol && a.port === b.port && (a.ip === b.ip || everywhere);
}

const byAge = (a: ProcessFact, b: ProcessFact): readonly [ProcessFact, ProcessFact] =>
  (a.startedAt ?? '') <= (b.startedAt ?? '') ? [a, b] : [b, a];

const describeProcess = ({ pid, user, unit, startedAt }: ProcessFact): string =>
  `pid ${pid}: user ${user}, ${unit ?? 'started by hand'}${startedAt ? `, since ${startedAt}` : ''}`;

function stopAdvice({ pid, unit }: ProcessFact): string {
  if (unit === null) return `kill ${pid}, which was started by hand`;
  return unit.endsWith('.service') ? `systemctl disable --now ${unit}` : `docker stop ${unit}`;
}

/** Challenges that differ, or requests refused although others like them passed, on one transport address. */
function mixedAnswers({ wire, processes }: Readable): Problem[] {
  const alone = processes?.filter(({ sameNetwork }) => sameNetwork).length === 1;
  const who = alone
    ? 'only one turnserver runs on this host, so another host or container, or a load balancer without affinity, shares the address'
    : 'two turnserver processes share the port, or a load balancer changes the server between requests';
  return observed(wire?.observations ?? [], 'server-identity').flatMap(identity => {
    const evidence = disagreement(identity);
    if (evidence === undefined) return [];
    return [
      {
        message: `${endpointOf(identity)} does not answer as one server: ${who}`,
        evidence,
        ...(alone
          ? {
              remedy:
                'Send every packet of one client to the same server: bind UDP balancing to the source address and port, and do not rewrite source ports per packet.',
            }
          : {}),
      },
    ];
  });
}

function disagreement(identity: IdentityObservation): string | undefined {
  if (identity.outcome !== 'complete') return undefined;
  const { faces, staleOnFirstTry, rejected, authenticated, answered, asked } = identity;
  if (faces.length > 1) {
    const each = faces.map(
      ({ realm, software, nonceLength, count }) =>
        `${count} with realm "${realm}"${software && `, ${software}`}, nonce of ${nonceLength} characters`,
    );
    return `${answered} of ${asked} challenges answered: ${listed(each)}`;
  }
  if (staleOnFirstTry > 0) {
    return `${staleOnFirstTry} of ${authenticated} requests met 438 (Stale Nonce) with a nonce just issued`;
  }
  if (rejected > 0 && rejected < authenticated) {
    return `${rejected} of ${authenticated} requests with the same credential met 401`;
  }
  return undefined;
}
