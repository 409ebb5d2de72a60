import type { TurnCredentials } from '../../client/credential-cache.ts';
import type { ClientEvent } from '../../client/events.ts';
import { gather } from '../gather.ts';
import { hostAndPort } from './plain-words.ts';
import type { Mark, Row } from './timeline.ts';

/** What one URI gave so far. */
export interface UriTest {
  readonly uri: string;
  readonly events: readonly Seen[];
  /** Null as long as it goes on. */
  readonly endMs: number | null;
  /** The browser came to no end by itself. */
  readonly isGivenUp: boolean;
}

/** An event, and where the candidate is: the address that others are told. */
export type Seen = ClientEvent & { readonly address?: string };

/** Most browsers are done with a silent server by then. */
const GIVE_UP_MS = 42_000;

/** Gathers with each URI alone, all at the same time; `onChange` is told after each event. Resolves when all are done. */
export async function testUris(
  uris: readonly string[],
  credentials: TurnCredentials,
  onChange: (tests: readonly UriTest[]) => void,
): Promise<readonly UriTest[]> {
  const tests: UriTest[] = uris.map(uri => ({ uri, events: [], endMs: null, isGivenUp: false }));
  const change = (index: number, next: Partial<UriTest>): void => {
    tests[index] = { ...(tests[index] as UriTest), ...next };
    onChange([...tests]);
  };
  await Promise.all(
    uris.map(async (uri, index) => {
      const options = { uris: [uri], credentials, policy: 'relay', giveUpMs: GIVE_UP_MS } as const;
      const startedMs = performance.now();
      const events = await gather(options, (event, candidate) => {
        const { address, port } = candidate ?? {};
        const seen: Seen = address && port ? { ...event, address: hostAndPort(address, port) } : event;
        change(index, { events: [...(tests[index]?.events ?? []), seen] });
      });
      const isGivenUp = !events.some(({ kind }) => kind === 'gathered');
      change(index, { endMs: performance.now() - startedMs, isGivenUp });
    }),
  );
  return tests;
}

/** The time of the first relay candidate; null without one. */
export const relayMs = ({ events }: Pick<UriTest, 'events'>): number | null =>
  events.find(event => event.kind === 'candidate' && event.type === 'relay')?.atMs ?? null;

/** As the timeline draws it. */
export function rowOf({ uri, events, endMs }: UriTest): Row {
  return { uri, endMs, marks: events.flatMap(markOf) };
}

function markOf(event: Seen): Mark[] {
  if (event.kind === 'candidate-error') return [{ kind: 'error', atMs: event.atMs }];
  if (event.kind !== 'candidate') return [];
  return [{ kind: event.type === 'relay' ? 'relay' : 'other', atMs: event.atMs }];
}
