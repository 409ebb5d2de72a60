type Stats = Readonly<Record<string, unknown>>;

/** The two candidates in use and the pair of them, as `getStats` describes them. */
export interface SelectedPair {
  readonly pair: Stats;
  readonly local: Stats;
  readonly remote: Stats;
}

/** Undefined where nothing is connected. */
export async function selectedPair(peer: RTCPeerConnection): Promise<SelectedPair | undefined> {
  const byId = new Map<string, Stats>();
  (await peer.getStats()).forEach((report: Stats, id: string) => {
    byId.set(id, report);
  });
  const reports = [...byId.values()];
  const selected = reports.find(
    ({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId,
  );
  const pair =
    byId.get(String(selected?.selectedCandidatePairId)) ??
    // Firefox has no transport report with it.
    reports.find(
      ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
    );
  const local = byId.get(String(pair?.localCandidateId));
  const remote = byId.get(String(pair?.remoteCandidateId));
  return pair && local && remote && { pair, local, remote };
}

/** `relay/udp`, `host/udp`: how the pair in use goes, through a relay if one of its two candidates is that. */
export async function selectedWay(peer: RTCPeerConnection): Promise<string> {
  const selected = await selectedPair(peer);
  if (!selected) return 'unknown';
  const { local, remote } = selected;
  // Behind a symmetric NAT one of the two is peer-reflexive, and the packets go through the relay of the other all the same.
  const type = [local, remote].some(({ candidateType }) => candidateType === 'relay')
    ? 'relay'
    : local.candidateType;
  return `${type}/${local.relayProtocol ?? local.protocol}`;
}
