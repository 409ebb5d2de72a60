import { once } from 'node:events';
import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface HttpServerSettings {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** PEM. Plain HTTP without it. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
}

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  /** Answers what has come, refuses what is new, and resolves when all are gone; after `graceMs` it closes on them. */
  stop(graceMs?: number): Promise<void>;
}

/** Whoever is slower than that, or says more, is not a client of ours. */
const LIMITS: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

const MOST_CONNECTIONS = 10_000;

/** Serves HTTP, or HTTPS with a certificate. @throws {Error} of Node where it cannot listen */
export async function startHttpServer(
  { tls, host, port }: HttpServerSettings,
  serve: RequestListener,
): Promise<HttpServer> {
  const server = tls ? createSecureServer({ ...LIMITS, ...tls }) : createServer(LIMITS);
  server.on('request', serve);
  server.maxConnections = MOST_CONNECTIONS;
  server.on('clientError', refuseBrokenRequest);
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    host: address.address,
    port: address.port,
    async stop(graceMs = 5_000) {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(late);
    },
  };
}

const STATUS_OF: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is not HTTP, or too much of it, gets its status line and the end of the connection. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${STATUS_OF[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
}
