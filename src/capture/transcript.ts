import type { RecordedConnection, Recording } from '../model/recording.ts';
import type { TranscriptEntry } from '../model/transcript.ts';
import { formatAddress, type TransportAddress } from '../model/transport.ts';
import { plural } from '../util/text.ts';
import { explain } from './explain.ts';
import { type SafeEvent, safeRecording } from './safe-recording.ts';

/** What passed, message by message, in words. */
export function transcriptOf(recording: Recording): readonly TranscriptEntry[] {
  const { connections, events, leftOut } = safeRecording(recording);
  const entries = events.flatMap(event => entriesOf(event, connections[event.connection]!));
  return leftOut === 0
    ? entries
    : [
        ...entries,
        {
          message: {
            kind: 'note',
            text: `${plural(leftOut, 'more piece')} did not fit and ${leftOut === 1 ? 'is' : 'are'} not shown`,
          },
        },
      ];
}

function entriesOf(event: SafeEvent, connection: RecordedConnection): readonly TranscriptEntry[] {
  const { transport, local, role } = connection;
  const other: TransportAddress | undefined =
    'other' in event && event.other !== undefined ? event.other : connection.remote;
  const ends = [formatAddress(local), other === undefined ? undefined : formatAddress(other)];
  const direction = event.kind === 'in' ? 'in' : 'out';
  const [from, to] = direction === 'in' ? [ends[1], ends[0]] : ends;
  const base: Omit<TranscriptEntry, 'message'> = {
    atMs: event.atMs,
    transport,
    direction,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(role === 'peer' ? { atPeer: true as const } : {}),
  };
  const note = (text: string): TranscriptEntry => ({ ...base, message: { kind: 'note', text } });
  switch (event.kind) {
    case 'failed':
      return [note(event.text)];
    // Datagrams need no opening.
    case 'opened':
      return transport === 'udp'
        ? []
        : [note(transport === 'tls' ? 'connected, TLS established' : 'connected')];
    case 'closed':
      return transport === 'udp' ? [] : [note('closed by us')];
    default:
      return [
        ...event.messages.map((bytes): TranscriptEntry => ({ ...base, message: explain(bytes) })),
        ...(event.problem === undefined ? [] : [note(event.problem)]),
      ];
  }
}
