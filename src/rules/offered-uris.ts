import type { EndpointFact } from '../model/endpoint.ts';
import type { WireFact } from '../model/facts.ts';
import type { ServerUri } from '../model/target.ts';
import { formatUri } from '../model/target.ts';
import type { Transport } from '../model/transport.ts';
import { parseIceUrl } from './ice-url.ts';
import { hasAnswer } from './wire-evidence.ts';

interface OfferedUri extends ServerUri {
  /** As the endpoint wrote it. */
  readonly text: string;
}

/** The turn: and turns: URLs clients are given for one transport, except those that answered on the wire. */
export function offeredFor(
  transport: Transport,
  endpoint: EndpointFact,
  wire: WireFact | undefined,
): readonly OfferedUri[] {
  if (endpoint.outcome !== 'answered') return [];
  return endpoint.uris.flatMap(text => {
    const uri = parseIceUrl(text);
    if ('problem' in uri || uri.transport !== transport || !uri.scheme.startsWith('turn')) return [];
    return answers(uri, wire) ? [] : [{ ...uri, text }];
  });
}

/** Whatever the file says: another server, or a proxy, may stand behind that URL. */
const answers = (uri: ServerUri, wire: WireFact | undefined): boolean =>
  wire?.observations.some(o => o.probe === 'turn-allocate' && o.uri === formatUri(uri) && hasAnswer(o)) ??
  false;
