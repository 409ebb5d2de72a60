import type { Observation } from '../model/observation.ts';
import { formatUri } from '../model/target.ts';
import { parseIceUrl } from './ice-url.ts';

/** libwebrtc, stun_request.cc: nine requests, 250 ms and doubling up to 8 s between them. */
const UNANSWERED_MS = 39_750;
/** A TLS port that takes the connection and says nothing. */
const UNANSWERED_TLS_MS = 30_000;

export interface Prediction {
  readonly gatheringMs: number;
  /** The URI that gathering waits for longest. */
  readonly by: string;
}

/**
 * How long a browser gathers with these URIs, by what each did on the wire: as long as the slowest of them takes to answer
 * all that a browser asks, or to be given up. Null where none of them was probed.
 */
export function predictGathering(
  uris: readonly string[],
  observations: readonly Observation[],
): Prediction | null {
  const predictions = uris.flatMap((uri, index) => {
    const url = parseIceUrl(uri);
    if ('problem' in url) return [];
    const canonical = formatUri(url);
    const ofUri = observations.filter(observation => observation.uri === canonical);
    if (ofUri.length === 0) return [];
    const twice = uris.slice(0, index).some(other => sameListener(other, canonical));
    return [{ by: uri, gatheringMs: twice && url.transport === 'udp' ? UNANSWERED_MS : timeOf(ofUri) }];
  });
  return predictions.reduce<Prediction | null>(
    (slowest, next) => (slowest && slowest.gatheringMs >= next.gatheringMs ? slowest : next),
    null,
  );
}

function sameListener(uri: string, canonical: string): boolean {
  const url = parseIceUrl(uri);
  return !('problem' in url) && formatUri(url) === canonical;
}

const timeOf = (observations: readonly Observation[]): number => Math.max(...observations.map(answerTime));

/** A browser asks Binding and Allocate of every server, and waits for both. */
function answerTime({ probe, outcome, transport, stagesMs }: Observation): number {
  if (probe !== 'stun-binding' && probe !== 'turn-allocate') return 0;
  // An ICMP refusal does not shorten what a browser waits for over UDP; a TCP connection that is refused ends at once.
  if (outcome === 'no-response' || (outcome === 'refused' && transport === 'udp')) {
    return transport === 'tls' ? UNANSWERED_TLS_MS : UNANSWERED_MS;
  }
  return Object.values(stagesMs).reduce((sum, ms) => sum + ms, 0);
}
