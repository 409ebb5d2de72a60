import type { RecordedConnection, RecordedEvent, Recording } from '../model/recording.ts';
import type { TransportAddress } from '../model/transport.ts';
import { plain } from '../stun/bytes.ts';
import type { Channel, Clock, Net, OpenOptions, PeerSocket } from './net.ts';

/** Far more than a probe sends; a server that floods us must not grow it. */
const MOST_BYTES = 16 << 20;
const MOST_EVENTS = 100_000;

/** A `Net`, and what passed through it so far. */
export interface RecordingNet {
  readonly net: Net;
  recording(): Recording;
}

/** Writes down every datagram and piece of a stream to and from servers that passes through `net`, and changes nothing of it. */
export function recordingNet(net: Net, clock: Clock): RecordingNet {
  const tape = new Tape(clock);
  return {
    net: {
      ...net,
      open: async options => {
        const opening = await net.open(options);
        if ('channel' in opening) return { ...opening, channel: recordChannel(opening.channel, tape) };
        if ('error' in opening.failure) tape.noteFailure(options, opening.failure.error);
        return opening;
      },
      openPeer: async ip => {
        const socket = await net.openPeer(ip);
        return 'error' in socket ? socket : recordPeer(socket, tape);
      },
    },
    recording: () => tape.recording(),
  };
}

type What = RecordedEvent extends infer E
  ? E extends RecordedEvent
    ? Omit<E, 'connection' | 'atMs'>
    : never
  : never;

class Tape {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #origin: number;
  readonly #connections: RecordedConnection[] = [];
  readonly #events: RecordedEvent[] = [];
  #bytes = 0;
  #leftOut = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.now();
    this.#origin = clock.monotonic();
  }

  /** The function that takes down what happens on a new connection. */
  connection(connection: RecordedConnection): (what: What) => void {
    const index = this.#connections.push(connection) - 1;
    return what => this.#note(index, what);
  }

  noteFailure({ transport, server }: OpenOptions, text: string): void {
    const local = { ip: server.ip.includes(':') ? '::' : '0.0.0.0', port: 0 };
    this.connection({ transport, role: 'client', local, remote: server })({ kind: 'failed', text });
  }

  recording(): Recording {
    return {
      startedAtMs: this.#startedAtMs,
      connections: [...this.#connections],
      events: [...this.#events],
      leftOut: this.#leftOut,
    };
  }

  #note(connection: number, what: What): void {
    const size = 'bytes' in what ? what.bytes.length : 0;
    if (this.#bytes + size > MOST_BYTES || this.#events.length === MOST_EVENTS) {
      this.#leftOut += 1;
      return;
    }
    this.#bytes += size;
    this.#events.push({ connection, atMs: this.#clock.monotonic() - this.#origin, ...what });
  }
}

/** A copy: whoever handed the bytes over may use the buffer again. */
const kept = (bytes: Uint8Array): Uint8Array => plain(bytes).slice();

function recordChannel(channel: Channel, tape: Tape): Channel {
  const { transport, localAddress: local, remoteAddress: remote } = channel;
  const note = tape.connection({ transport, role: 'client', local, remote });
  note({ kind: 'opened' });
  return {
    ...channel,
    send: bytes => {
      note({ kind: 'out', bytes: kept(bytes) });
      channel.send(bytes);
    },
    receive: receiver =>
      channel.receive({
        bytes: bytes => {
          note({ kind: 'in', bytes: kept(bytes) });
          receiver.bytes(bytes);
        },
        failed: failure => {
          if ('error' in failure) note({ kind: 'failed', text: failure.error });
          receiver.failed(failure);
        },
      }),
    close: () => {
      note({ kind: 'closed' });
      channel.close();
    },
  };
}

function recordPeer(socket: PeerSocket, tape: Tape): PeerSocket {
  const note = tape.connection({ transport: 'udp', role: 'peer', local: socket.localAddress });
  return {
    ...socket,
    send: (bytes, to) => {
      note({ kind: 'out', bytes: kept(bytes), other: to });
      socket.send(bytes, to);
    },
    receive: receiver =>
      socket.receive((bytes: Uint8Array, from: TransportAddress) => {
        note({ kind: 'in', bytes: kept(bytes), other: from });
        receiver(bytes, from);
      }),
  };
}
