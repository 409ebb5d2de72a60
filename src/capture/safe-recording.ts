import type { RecordedConnection, RecordedEvent, Recording } from '../model/recording.ts';
import { decode } from '../stun/message.ts';
import { frameStream } from './frames.ts';
import { hidePayload, hideSecrets, NO_SCREEN, type Screen } from './hide-secrets.ts';

/** An event whose bytes may be shown. */
export type SafeEvent = RecordedEvent & {
  /** The messages that it completed: a datagram itself, or those of a stream that end in this piece. Not safe: for `explain`. */
  readonly messages: readonly Uint8Array[];
  /** Why there are none: what the payload is, or what keeps a stream from being cut any further. */
  readonly problem?: string;
};

/** A recording without secrets in the bytes of its events. */
export interface SafeRecording extends Omit<Recording, 'events'> {
  readonly events: readonly SafeEvent[];
}

/** What is added to an event, or replaces its bytes. */
interface Change {
  readonly bytes?: Uint8Array;
  readonly messages: readonly Uint8Array[];
  readonly problem?: string;
}

const NOTHING: Change = { messages: [] };

/** Hides what must not leave. The bytes of the recording itself stay as they are. */
export function safeRecording(recording: Recording, screen = NO_SCREEN): SafeRecording {
  const changes = new Map<RecordedEvent, Change>();
  const byConnection = recording.connections.map((): BytesEvent[] => []);
  for (const event of recording.events.filter(hasBytes)) byConnection[event.connection]?.push(event);
  recording.connections.forEach(({ transport, role }, index) => {
    const events = byConnection[index] ?? [];
    const changed =
      transport === 'udp' ? changeDatagrams(events, role, screen) : changeStream(events, screen);
    for (const [event, to] of changed) changes.set(event, to);
  });
  const events = recording.events.map(
    (event): SafeEvent => ({ ...event, ...(changes.get(event) ?? NOTHING) }),
  );
  return { ...recording, events };
}

type BytesEvent = Extract<RecordedEvent, { kind: 'in' | 'out' }>;

const hasBytes = (event: RecordedEvent): event is BytesEvent => event.kind === 'in' || event.kind === 'out';

function changeDatagrams(
  events: readonly BytesEvent[],
  role: RecordedConnection['role'],
  screen: Screen,
): [RecordedEvent, Change][] {
  return events.map(event => {
    const bytes = event.bytes.slice();
    if (role === 'peer' && !('message' in decode(bytes))) {
      hidePayload(bytes);
      return [event, { bytes, messages: [], problem: `${bytes.length} bytes of payload` }];
    }
    hideSecrets(bytes, screen);
    return [event, { bytes, messages: [event.bytes] }];
  });
}

function changeStream(events: readonly BytesEvent[], screen: Screen): [RecordedEvent, Change][] {
  const bound = events.some(isConnectionBind);
  return (['in', 'out'] as const).flatMap(direction => {
    const pieces = events.filter(({ kind }) => kind === direction);
    const { frames, safe, broken } = frameStream(
      pieces.map(({ bytes }) => bytes),
      { keepRest: direction === 'in' && !bound, screen },
    );
    const completed = pieces.map((): Uint8Array[] => []);
    for (const { piece, bytes } of frames) completed[piece]?.push(bytes);
    return pieces.map((event, i): [RecordedEvent, Change] => [
      event,
      {
        bytes: safe[i]!,
        messages: completed[i] ?? [],
        ...(broken?.piece === i && { problem: bound ? 'from here on the data of a peer' : broken.problem }),
      },
    ]);
  });
}

/** After ConnectionBind a connection carries the peer's data. */
function isConnectionBind({ kind, bytes }: BytesEvent): boolean {
  const decoded = kind === 'out' ? decode(bytes) : undefined;
  return decoded !== undefined && 'message' in decoded && decoded.message.method === 'connectionBind';
}
