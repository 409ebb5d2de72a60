import type {
  Offer,
  TlsSurveyObservation,
  Variation,
  WeakSuites,
} from '../../model/observations/tls-survey.ts';
import type { Failure } from '../../model/outcome.ts';

type Complete = Extract<TlsSurveyObservation, { outcome: 'complete' }>;

const VARIED: Readonly<Record<Variation, string>> = {
  'no-server-name': 'without a server name',
  'other-server-name': 'with another server name',
  'alpn-stun.turn': 'with ALPN stun.turn',
  'alpn-http/1.1': 'with ALPN http/1.1',
};

const WEAK: Readonly<Record<WeakSuites, string>> = {
  null: 'no encryption',
  anonymous: 'no certificate',
  export: 'export',
  rc4: 'RC4',
  '3des': '3DES',
  'no-forward-secrecy': 'no forward secrecy',
};

/** What the listener takes beyond what a browser offers, and what is behind it. */
export function describeSurvey(observation: TlsSurveyObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { versions, weakSuites, inside, variations, dtls } = observation;
  const taken = weakSuites.filter(isTaken);
  return [
    `versions: ${versions.map(({ version, ...offered }) => `${version} ${answerOf(offered)}`).join(', ')}`,
    `weak suites: ${taken.length === 0 ? 'none taken' : taken.map(({ kind }) => WEAK[kind]).join(', ')}`,
    `inside TLS: ${insideOf(inside)}`,
    ...variations.map(varied => `${VARIED[varied.kind]}: ${variationOf(varied)}`),
    `DTLS: ${dtlsOf(dtls)}`,
  ];
}

const isTaken = ({ answer }: Offer): boolean => answer === 'taken';

const answerOf = ({ answer }: Offer): string => ({ taken: 'yes', refused: 'no', silent: 'silent' })[answer];

function insideOf(inside: Complete['inside']): string {
  switch (inside.outcome) {
    case 'answered':
      return 'a TURN server answers';
    case 'no-response':
      return 'nothing answers a TURN request';
    case 'invalid-response':
      return `no TURN server: ${inside.problem}`;
    case 'closed':
      return 'the connection is closed at a TURN request';
    case 'skipped':
      return `not tried (${inside.reason})`;
    default:
      return `not reached (${reasonOf(inside)})`;
  }
}

function variationOf(varied: Complete['variations'][number]): string {
  if (varied.outcome !== 'handshake') return `refused (${reasonOf(varied)})`;
  const { sameCertificate, alpn, inside } = varied;
  return [
    sameCertificate ? 'the same certificate' : 'another certificate',
    ...(alpn === undefined ? [] : [`${alpn} chosen`]),
    insideOf(inside),
  ].join(', ');
}

function dtlsOf(dtls: Complete['dtls']): string {
  if (dtls.outcome === 'answered') {
    return `answers with ${dtls.with} (${dtls.sentBytes} bytes to ${dtls.receivedBytes}); its certificate is untested, Node has no DTLS`;
  }
  if (dtls.outcome === 'no-response') return 'silent';
  return dtls.outcome === 'refused' ? 'the UDP port is closed' : reasonOf(dtls);
}

const reasonOf = (failure: Failure): string => {
  if ('error' in failure) return failure.error;
  if ('problem' in failure) return failure.problem;
  return 'reason' in failure ? failure.reason : 'no answer';
};
