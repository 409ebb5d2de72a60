import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Family, familyOf, type TransportAddress } from '../../src/model/transport.ts';

/** One allocation of the test server: a real UDP socket that peers can reach. */
export class Relay {
  readonly username: string;
  readonly address: TransportAddress;
  readonly permissions = new Set<string>();
  readonly #socket: Socket;
  readonly #channels = new Map<number, TransportAddress>();
  #expiry: NodeJS.Timeout | undefined;

  private constructor(socket: Socket, username: string) {
    this.#socket = socket;
    this.username = username;
    const { address, port } = socket.address();
    this.address = { ip: address, port };
  }

  /** Binds to loopback. `even`: on an even port (RFC 8656 §7.2). */
  static async open(family: Family, username: string, even: boolean): Promise<Relay> {
    for (;;) {
      const socket = createSocket(family === 'ipv4' ? 'udp4' : 'udp6');
      socket.bind(0, family === 'ipv4' ? '127.0.0.1' : '::1');
      await once(socket, 'listening');
      if (!even || socket.address().port % 2 === 0) return new Relay(socket, username);
      socket.close();
    }
  }

  get family(): Family {
    return familyOf(this.address.ip);
  }

  /** Data of peers with a permission, in the envelope the client asked for. */
  onData(deliver: (peer: TransportAddress, data: Uint8Array, channel: number | undefined) => void): void {
    this.#socket.on('message', (data, { address, port }) => {
      const peer = { ip: address, port };
      if (this.permissions.has(peer.ip)) deliver(peer, data, this.#channelOf(peer));
    });
  }

  send(peer: TransportAddress, data: Uint8Array): void {
    if (this.permissions.has(peer.ip)) this.#socket.send(data, peer.port, peer.ip);
  }

  peerOf(channel: number): TransportAddress | undefined {
    return this.#channels.get(channel);
  }

  /** False when the channel or the peer is bound otherwise (RFC 8656 §12.2). */
  bind(channel: number, peer: TransportAddress): boolean {
    const bound = this.#channels.get(channel);
    if (bound && !same(bound, peer)) return false;
    if (!bound && this.#channelOf(peer) !== undefined) return false;
    this.#channels.set(channel, peer);
    this.permissions.add(peer.ip);
    return true;
  }

  expireAfter(seconds: number, expire: () => void): void {
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(expire, seconds * 1000).unref();
  }

  close(): void {
    clearTimeout(this.#expiry);
    this.#socket.close();
  }

  #channelOf(peer: TransportAddress): number | undefined {
    return [...this.#channels].find(([, bound]) => same(bound, peer))?.[0];
  }
}

const same = (a: TransportAddress, b: TransportAddress): boolean => a.ip === b.ip && a.port === b.port;
