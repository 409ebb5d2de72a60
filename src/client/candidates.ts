import type { CandidateInfo } from './events.ts';

/** `candidate:foundation component protocol priority address port typ TYPE …` (RFC 8839 §5.1). */
export function readCandidate(line: string): CandidateInfo | undefined {
  const [, protocol, type] = /^(?:a=)?candidate:\S+ \d+ (\S+) \d+ \S+ \d+ typ (\S+)/i.exec(line) ?? [];
  return protocol && type ? { type, protocol: protocol.toLowerCase() } : undefined;
}

/** The candidates in a description. */
export const candidatesIn = (sdp: string): CandidateInfo[] =>
  sdp
    .split(/\r?\n/)
    .map(readCandidate)
    .filter(candidate => candidate !== undefined);

export const relaysIn = (sdp: string): number =>
  candidatesIn(sdp).filter(({ type }) => type === 'relay').length;

/** All that the browser tells of a candidate of its own; the type of TypeScript lacks two of the fields. */
export function describeCandidate(candidate: RTCIceCandidate): CandidateInfo | undefined {
  const info = readCandidate(candidate.candidate);
  const { relayProtocol, url } = candidate as RTCIceCandidate & { relayProtocol?: string; url?: string };
  return info && { ...info, ...(relayProtocol && { relayProtocol }), ...(url && { url }) };
}
