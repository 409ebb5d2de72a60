import type { TlsSurveyObservation, Variation, WeakSuites } from '../model/observations/tls-survey.ts';
import type { Failure } from '../model/outcome.ts';
import { Exchange } from '../net/exchange.ts';
import type { Channel, Opening, OpenOptions } from '../net/net.ts';
import { HELLO_VERSIONS, type HelloVersion } from '../net/tls-hello.ts';
import { refresh } from '../turn/requests.ts';
import { ask, baseOf, type Probe, type ProbeContext, remainingMs } from './conversation.ts';
import type { Destination } from './plan.ts';
import { offer, offerDtls, WEAK_SUITES } from './tls-offers.ts';

type Complete = Extract<TlsSurveyObservation, { outcome: 'complete' }>;
type Inside = Complete['inside'];

/** A name that no certificate covers (RFC 6761 §6.4). */
const OTHER_NAME = 'turnctl.invalid';

/** A web server waits long for the rest of what it takes for a request; a TURN server answers in a round trip. */
const MOST_INSIDE_MS = 2000;

const VARIATIONS: Readonly<Record<Variation, NonNullable<OpenOptions['tls']>>> = {
  'no-server-name': { serverName: null },
  'other-server-name': { serverName: OTHER_NAME },
  // RFC 7443 §2; the other is what a web server on the same port goes by.
  'alpn-stun.turn': { alpn: ['stun.turn'] },
  'alpn-http/1.1': { alpn: ['http/1.1'] },
};

/**
 * What a TLS listener takes: each version and each kind of weak suites offered alone, with and without a server name, with
 * ALPN; whether TURN is behind it; whether DTLS answers beside it. Some fifteen connections, none of which gets any further.
 */
export const probeTlsSurvey: Probe<TlsSurveyObservation> = async (to, context) => {
  const base = { probe: 'tls-survey' as const, ...baseOf(to) };
  const plain = await shakeHands(to, context, {});
  const { stagesMs } = plain;
  // A handshake that failed is a reason to ask further; a port that is closed is none.
  if ('failure' in plain && plain.failure.outcome !== 'tls-failed') {
    return { ...base, stagesMs, ...plain.failure };
  }
  const fingerprint = 'failure' in plain ? undefined : plain.channel.tls?.certificate.fingerprint256;
  const variations = Object.entries(VARIATIONS).map(([kind, tls]) =>
    vary(kind as Variation, tls, fingerprint, to, context),
  );
  const [inside, versions, weakSuites, dtls] = await Promise.all([
    'failure' in plain ? plain.failure : askInside(plain.channel, to, context),
    offerVersions('failure' in plain ? undefined : plain.channel.tls?.protocol, to, context),
    offerWeakSuites(to, context),
    offerDtls(to, context),
  ]);
  const varied = await Promise.all(variations);
  return { ...base, stagesMs, outcome: 'complete', versions, weakSuites, inside, variations: varied, dtls };
};

async function offerVersions(
  negotiated: string | undefined,
  to: Destination,
  context: ProbeContext,
): Promise<Complete['versions']> {
  const versions = Object.keys(HELLO_VERSIONS) as HelloVersion[];
  const older = await Promise.all(
    versions.map(async version => ({ version, ...(await offer({ version }, to, context)) })),
  );
  // Whoever has TLS 1.3 takes it from a client that offers it (RFC 8446 §4.2.1): the plain handshake has told.
  if (negotiated === 'TLSv1.3') return [...older, { version: negotiated, answer: 'taken' }];
  const silent = negotiated === undefined && older.every(({ answer }) => answer === 'silent');
  return [...older, { version: 'TLSv1.3', answer: silent ? 'silent' : 'refused' }];
}

const offerWeakSuites = (to: Destination, context: ProbeContext): Promise<Complete['weakSuites']> =>
  Promise.all(
    (Object.keys(WEAK_SUITES) as WeakSuites[]).map(async kind => ({
      kind,
      ...(await offer({ version: 'TLSv1.2', suites: WEAK_SUITES[kind] }, to, context)),
    })),
  );

async function vary(
  kind: Variation,
  tls: NonNullable<OpenOptions['tls']>,
  fingerprint: string | undefined,
  to: Destination,
  context: ProbeContext,
): Promise<Complete['variations'][number]> {
  const shaken = await shakeHands(to, context, tls);
  if ('failure' in shaken) return { kind, ...shaken.failure };
  const { channel } = shaken;
  const alpn = channel.tls?.alpn;
  return {
    kind,
    outcome: 'handshake',
    sameCertificate: channel.tls?.certificate.fingerprint256 === fingerprint,
    inside: await askInside(channel, to, context),
    ...(alpn === undefined ? {} : { alpn }),
  };
}

function shakeHands(
  { server, uri }: Destination,
  context: ProbeContext,
  tls: NonNullable<OpenOptions['tls']>,
): Promise<Opening> {
  const { net, signal } = context;
  const timeoutMs = remainingMs(context);
  return net.open({ transport: 'tls', server, name: uri.host, tls, timeoutMs, signal });
}

/** A Refresh for no allocation: every TURN server answers it, also one that ignores Binding, and none has work with it. */
async function askInside(channel: Channel, to: Destination, context: ProbeContext): Promise<Inside> {
  const { clock } = context;
  const deadlineMs = Math.min(context.deadlineMs, clock.monotonic() + MOST_INSIDE_MS);
  const exchange = new Exchange(channel, clock, { patienceMs: MOST_INSIDE_MS });
  const { end } = await ask(refresh(0), to, exchange, { ...context, deadlineMs });
  exchange.close();
  return 'response' in end ? { outcome: 'answered' } : (end satisfies Failure);
}
