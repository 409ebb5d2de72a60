import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Failure } from '../model/outcome.ts';
import { familyOf, type TransportAddress } from '../model/transport.ts';
import { codeOf, failureOf } from './failure.ts';
import { Inbox } from './inbox.ts';
import type { Opening, OpenOptions, PeerSocket } from './net.ts';

const socketFor = (ip: string): Socket => createSocket(familyOf(ip) === 'ipv4' ? 'udp4' : 'udp6');

function addressOf(socket: Socket): TransportAddress {
  const { address, port } = socket.address();
  return { ip: address, port };
}

/** Connects a UDP socket, so that the kernel hands us ICMP errors and drops datagrams from anyone else. */
export async function openUdp({ server }: OpenOptions): Promise<Opening> {
  const socket = socketFor(server.ip);
  try {
    socket.connect(server.port, server.ip);
    await once(socket, 'connect');
  } catch (error) {
    socket.close();
    return { failure: failureOf(error as Error), stagesMs: {} };
  }
  const inbox = new Inbox();
  const fail = (failure: Failure) => inbox.failed(failure);
  socket.on('message', message => inbox.bytes(message));
  socket.on('error', error => fail(failureOf(error)));
  let open = true;
  const channel = {
    transport: 'udp' as const,
    localAddress: addressOf(socket),
    remoteAddress: server,
    // A pending ICMP error is reported by the next send instead of sending, so it arrives in the callback too.
    send: (bytes: Uint8Array) => {
      if (open) socket.send(bytes, error => error && open && fail(failureOf(error)));
    },
    receive: inbox.open,
    close: () => {
      if (open) socket.close();
      open = false;
    },
  };
  return { channel, stagesMs: {} };
}

/** Opens an unconnected UDP socket on one local address. */
export async function openPeer(ip: string): Promise<PeerSocket | { readonly error: string }> {
  const socket = socketFor(ip);
  try {
    socket.bind(0, ip);
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    return { error: `no UDP socket on ${ip}: ${codeOf(error) ?? (error as Error).message}` };
  }
  // An ICMP error for one of our datagrams says nothing that the missing answer does not say.
  socket.on('error', () => {});
  let open = true;
  return {
    localAddress: addressOf(socket),
    send: (bytes, to) => {
      if (open) socket.send(bytes, to.port, to.ip, () => {});
    },
    receive: receiver => {
      socket.on('message', (message, from) => receiver(message, { ip: from.address, port: from.port }));
    },
    close: () => {
      if (open) socket.close();
      open = false;
    },
  };
}
