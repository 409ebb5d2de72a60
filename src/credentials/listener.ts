import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import { clientAddress, trustedProxies } from './client-address.ts';
import { type Answer, credentialEndpoint, type EndpointAnswer, type EndpointOptions } from './endpoint.ts';

/** One request, for the access log. It holds no token and no credential. */
export interface Access {
  /** UTC, ISO 8601. */
  readonly time: string;
  readonly address: string;
  readonly method: string;
  /** Without the query, where somebody may have put a token. */
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly identity?: string;
}

export interface ListenerOptions {
  /** Addresses and CIDR blocks of proxies whose X-Forwarded-For is believed. */
  readonly proxies?: readonly string[];
  readonly onAccess?: (access: Access) => void;
  /** Something that is no fault of a client, as a key set that cannot be fetched. */
  readonly onError?: (error: unknown) => void;
}

/**
 * The credential endpoint as a listener of node:http, for that server and for all that hand out its requests.
 * @throws {Error} for a proxy that is no address
 */
export function credentialListener(
  options: EndpointOptions & ListenerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const listener = new Listener(credentialEndpoint(options), options);
  return (request, response) => listener.serve(request, response);
}

/** Turns requests of node:http into those of the endpoint, and its answers back. */
export class Listener {
  /** Set when no new request is wanted: every connection is closed after its answer. */
  stopping = false;
  readonly #answer: Answer;
  readonly #options: ListenerOptions;
  /** Undefined where no proxy is believed, and the connection says it all. */
  readonly #proxies: BlockList | undefined;

  constructor(answer: Answer, options: ListenerOptions) {
    this.#answer = answer;
    this.#options = options;
    this.#proxies = options.proxies?.length ? trustedProxies(options.proxies) : undefined;
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers, socket } = request;
    const now = Date.now();
    const startedMs = performance.now();
    const [path = ''] = url.split('?', 1);
    const connection = socket.remoteAddress ?? '';
    const forwarded = headers['x-forwarded-for'];
    const address = this.#proxies
      ? clientAddress(connection, typeof forwarded === 'string' ? forwarded : undefined, this.#proxies)
      : connection;
    const send = (answer: EndpointAnswer): void => {
      this.#write(request, response, answer);
      this.#options.onAccess?.(accessOf({ now, startedMs, address, method, path }, answer));
    };
    const early = this.#early(path, request);
    if (early) {
      send(early);
      return;
    }
    const { authorization, origin } = headers;
    const answer = this.#answer({ method, path, authorization, origin, address, now });
    if (!(answer instanceof Promise)) {
      send(answer);
      return;
    }
    answer.then(send, error => {
      this.#options.onError?.(error);
      send(plainAnswer(503, 'the token cannot be checked now'));
    });
  }

  /** What needs no token to be answered. */
  #early(path: string, { headers }: IncomingMessage): EndpointAnswer | undefined {
    if (path === '/healthz') return plainAnswer(200, null);
    if (path === '/readyz') return this.stopping ? plainAnswer(503, 'stopping') : plainAnswer(200, null);
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    return hasBody ? plainAnswer(413, 'no request here has a body') : undefined;
  }

  #write(
    request: IncomingMessage,
    response: ServerResponse,
    { status, headers, body }: EndpointAnswer,
  ): void {
    // A body that nobody reads would keep the connection busy for as long as the client likes.
    const last = this.stopping || status === 413;
    response.writeHead(status, {
      ...headers,
      'content-length': Buffer.byteLength(body),
      ...(last ? { connection: 'close' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

function accessOf(
  {
    now,
    startedMs,
    ...asked
  }: Pick<Access, 'address' | 'method' | 'path'> & { now: number; startedMs: number },
  { status, identity }: EndpointAnswer,
): Access {
  return {
    time: new Date(now).toISOString(),
    ...asked,
    status,
    ms: Math.round((performance.now() - startedMs) * 10) / 10,
    ...(identity === undefined ? {} : { identity }),
  };
}

const plainAnswer = (status: number, error: string | null): EndpointAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: error === null ? '{"status":"ok"}' : JSON.stringify({ error }),
});
