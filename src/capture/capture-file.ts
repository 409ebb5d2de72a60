import type { RecordedConnection, Recording } from '../model/recording.ts';
import type { ExplainedMessage } from '../model/transcript.ts';
import { explain } from './explain.ts';
import { NO_SCREEN, type Screen } from './hide-secrets.ts';
import { type Ends, TCP, tcpPacket, udpPacket } from './packets.ts';
import { type CapturedPacket, pcapng } from './pcapng.ts';
import { type SafeEvent, safeRecording } from './safe-recording.ts';

/** A piece of a stream may be longer than one IP packet can be. */
const LARGEST_SEGMENT = 32_768;

/**
 * A recording as a pcapng file that Wireshark reads: what went over UDP as it was, and for TCP and TLS segments made up around
 * the pieces that turnctl sent and received. Integrity values and payload are zeroed, what `screen` knows is covered,
 * fingerprints computed anew.
 */
export function captureFile(
  recording: Recording,
  application: string,
  screen: Screen = NO_SCREEN,
): Uint8Array {
  const { startedAtMs, connections, events } = safeRecording(recording, screen);
  const streams = connections.map(connection => new MadeUpStream(connection));
  const packets = events.flatMap(event => {
    const connection = connections[event.connection]!;
    const atNs = BigInt(startedAtMs) * 1_000_000n + BigInt(Math.round(event.atMs * 1e6));
    const made =
      connection.transport === 'udp' ? datagram(event, connection) : streams[event.connection]!.take(event);
    return made.map((packet): CapturedPacket => ({ atNs, ...packet }));
  });
  return pcapng(packets, { application });
}

type Made = Omit<CapturedPacket, 'atNs'>;

function datagram(event: SafeEvent, { local, remote, role }: RecordedConnection): readonly Made[] {
  if (event.kind !== 'in' && event.kind !== 'out') return [];
  const other = event.other ?? remote;
  if (other === undefined) return [];
  const ends = event.kind === 'in' ? { from: other, to: local } : { from: local, to: other };
  const where = role === 'peer' ? ' (at the socket that plays the peer)' : '';
  return [{ bytes: udpPacket(ends, event.bytes), comment: summaries(event) + where }];
}

/** What the packet is, and what was done to it. */
function summaries({ messages, problem }: SafeEvent): string {
  const said = messages.map(bytes => summary(explain(bytes)));
  return [...said, ...(problem === undefined ? [] : [problem])].join('; ');
}

function summary(message: ExplainedMessage): string {
  if (message.kind === 'channel-data') return `ChannelData, ${message.dataBytes} bytes of payload zeroed`;
  if (message.kind === 'other') return message.what;
  const hidden = message.integrity === 'absent' ? '' : ', integrity value zeroed';
  const payload = message.attributes.some(({ name }) => name === 'DATA') ? ', payload zeroed' : '';
  return `${message.method} ${message.class}${hidden}${payload}`;
}

/** The segments of a connection, as it would have looked without loss and with one acknowledgement a piece. */
class MadeUpStream {
  readonly #connection: RecordedConnection;
  /** Next sequence number of ours and of the other side. */
  #ours = 1000;
  #theirs = 5000;
  #open = false;

  constructor(connection: RecordedConnection) {
    this.#connection = connection;
  }

  take(event: SafeEvent): readonly Made[] {
    switch (event.kind) {
      case 'opened':
        return this.#handshake();
      case 'closed':
        return this.#farewell();
      case 'failed':
        return [];
      default:
        return this.#data(event);
    }
  }

  #handshake(): readonly Made[] {
    this.#open = true;
    const note =
      this.#connection.transport === 'tls' ? 'TCP handshake and the TLS handshake after it' : 'TCP handshake';
    return [
      this.#segment('out', TCP.syn, new Uint8Array(0), `${note}: made up by turnctl`, 1),
      this.#segment('in', TCP.syn | TCP.ack, new Uint8Array(0), '', 1),
      this.#segment('out', TCP.ack),
    ];
  }

  #farewell(): readonly Made[] {
    if (!this.#open) return [];
    this.#open = false;
    return [
      this.#segment('out', TCP.fin | TCP.ack, new Uint8Array(0), 'made up by turnctl', 1),
      this.#segment('in', TCP.fin | TCP.ack, new Uint8Array(0), '', 1),
      this.#segment('out', TCP.ack),
    ];
  }

  #data(event: Extract<SafeEvent, { kind: 'in' | 'out' }>): readonly Made[] {
    if (!this.#open) return [];
    const over = this.#connection.transport === 'tls' ? 'plaintext; on the wire it was inside TLS. ' : '';
    const made: Made[] = [];
    for (let start = 0; start < event.bytes.length; start += LARGEST_SEGMENT) {
      const piece = event.bytes.subarray(start, start + LARGEST_SEGMENT);
      made.push(this.#segment(event.kind, TCP.psh | TCP.ack, piece, over + summaries(event)));
    }
    return made;
  }

  #segment(
    direction: 'in' | 'out',
    flags: number,
    data: Uint8Array = new Uint8Array(0),
    comment = '',
    advance = data.length,
  ): Made {
    const { local, remote = local } = this.#connection;
    const ends: Ends = direction === 'out' ? { from: local, to: remote } : { from: remote, to: local };
    const [sequence, acknowledged] =
      direction === 'out' ? [this.#ours, this.#theirs] : [this.#theirs, this.#ours];
    if (direction === 'out') this.#ours += advance;
    else this.#theirs += advance;
    const first = flags === TCP.syn;
    return {
      bytes: tcpPacket({ ...ends, sequence, acknowledged: first ? 0 : acknowledged, flags, data }),
      comment,
    };
  }
}
