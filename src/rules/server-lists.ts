import type { EndpointFact } from '../model/endpoint.ts';
import type { ClientFact } from '../model/facts.ts';
import type { RuleResult } from '../model/rule.ts';

/** The servers that a client is told of, as they were written. */
export interface ServerList {
  readonly uris: readonly string[];
  /** For evidence: `uris of https://app.example.org/turn`. */
  readonly source: string;
}

interface Told {
  readonly endpoint?: EndpointFact | undefined;
  readonly client?: ClientFact | undefined;
}

/** The list of the credential endpoint and the one that the described client brings along, or why there is neither. */
export function serverListsOf({
  endpoint,
  client,
}: Told): readonly ServerList[] | Exclude<RuleResult, readonly unknown[]> {
  const own = client?.scenario.uris;
  const lists = [
    ...(endpoint?.outcome === 'answered' ? [{ uris: endpoint.uris, source: `uris of ${endpoint.url}` }] : []),
    ...(own && client ? [{ uris: own, source: `uris of the ${client.scenario.name} client` }] : []),
  ];
  if (lists.length > 0) return lists;
  return { skip: endpoint?.outcome === 'failed' ? endpoint.error : 'the client has no list of its own' };
}
