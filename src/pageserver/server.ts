import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpServer, type HttpServerSettings, startHttpServer } from '../credentials/http-server.ts';
import { readJson, TooLarge } from './json-body.ts';
import { qrSvg } from './qr.ts';
import { Room, type RoomNews } from './room.ts';

/** What the page is told when it opens. */
export interface PageSetup {
  readonly version: string;
  /** What was asked for, in words. */
  readonly target: string;
  readonly uris: readonly string[];
  /** The page for another device; null where only this machine reaches it. */
  readonly link: string | null;
}

export interface PageServerSettings extends HttpServerSettings {
  /** `dist/client-page.html`. */
  readonly page: string;
  /** Part of the path: whoever knows it gets credentials. */
  readonly token: string;
  /** Told once the port is known. */
  readonly setup: (port: number) => PageSetup;
  /** As the credential endpoint answers. */
  readonly credentials: () => Promise<unknown>;
  readonly onReport: (report: object) => Promise<void>;
  /** A request came to nothing for a reason that is ours. */
  readonly onError: (error: unknown) => void;
}

const LARGEST_SIGNAL = 64 * 1024;
const LARGEST_REPORT = 1024 * 1024;

/** Proxies and mobile networks end a connection on which nothing moves. */
const HEARTBEAT_MS = 15_000;

/** A page that runs what is in it and talks to nobody but its server. */
const headersFor = (nonce: string): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
});

/** On every answer: it may hold credentials, and its address is a secret. */
const ALWAYS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Serves the page, its credentials, and the way between two of them. @throws {Error} of Node where it cannot listen */
export async function startPageServer(settings: PageServerSettings): Promise<HttpServer> {
  const handlers = new PageHandlers(settings);
  const server = await startHttpServer(settings, (request, response) => {
    handlers.serve(request, response).catch(error => {
      settings.onError(error);
      answer(response, 502, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  handlers.port = server.port;
  return {
    ...server,
    async stop(graceMs) {
      handlers.close();
      await server.stop(graceMs);
    },
  };
}

class PageHandlers {
  port = 0;
  readonly #settings: PageServerSettings;
  readonly #room = new Room();
  readonly #streams = new Set<ServerResponse>();

  constructor(settings: PageServerSettings) {
    this.#settings = settings;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const root = `/${this.#settings.token}/`;
    if (!pathname.startsWith(root)) return answer(response, 404, { error: 'not here' });
    const id = searchParams.get('me') ?? '';
    switch (`${request.method} ${pathname.slice(root.length)}`) {
      case 'GET ':
        return this.#page(response);
      case 'GET setup':
        return answer(response, 200, this.#settings.setup(this.port));
      case 'GET credentials':
        return answer(response, 200, await this.#settings.credentials());
      case 'GET qr.svg':
        return this.#qr(response);
      case 'GET room':
        return this.#join(id, response);
      case 'POST room':
        return this.#say(id, request, response);
      case 'POST report':
        return this.#report(request, response);
      default:
        return answer(response, 404, { error: 'not here' });
    }
  }

  /** Ends what would otherwise stay open for ever. */
  close(): void {
    for (const stream of this.#streams) stream.end();
  }

  #page(response: ServerResponse): void {
    const nonce = randomBytes(16).toString('base64');
    response.writeHead(200, { ...ALWAYS, ...headersFor(nonce) });
    response.end(this.#settings.page.replaceAll('%NONCE%', nonce));
  }

  #qr(response: ServerResponse): void {
    const { link } = this.#settings.setup(this.port);
    if (link === null) {
      answer(response, 404, { error: 'only this machine reaches the page' });
      return;
    }
    response.writeHead(200, { ...ALWAYS, 'content-type': 'image/svg+xml' });
    response.end(qrSvg(link));
  }

  /** Server-sent events: plain HTTP, and the browser comes back by itself. */
  #join(id: string, response: ServerResponse): void {
    if (!/^[\w-]{8,64}$/.test(id)) {
      answer(response, 400, { error: 'who is asking?' });
      return;
    }
    response.writeHead(200, { ...ALWAYS, 'content-type': 'text/event-stream' });
    const tell = (news: RoomNews): void => void response.write(`data: ${JSON.stringify(news)}\n\n`);
    this.#streams.add(response);
    const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
    response.on('close', () => {
      clearInterval(heartbeat);
      this.#streams.delete(response);
      this.#room.leave(id, tell);
    });
    if (!this.#room.join(id, tell)) response.end();
  }

  async #say(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const said = await bodyOf(request, response, LARGEST_SIGNAL);
    if (said === undefined) return;
    const { round, signal } = said as { round?: unknown; signal?: unknown };
    const heard = typeof round === 'number' && this.#room.say(id, round, signal);
    answer(response, heard ? 200 : 409, heard ? {} : { error: 'nobody is there to hear it' });
  }

  async #report(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const report = await bodyOf(request, response, LARGEST_REPORT);
    if (report === undefined) return;
    await this.#settings.onReport(report);
    answer(response, 200, {});
  }
}

/** The object in a body; undefined where there is none, and that has been answered. */
async function bodyOf(
  request: IncomingMessage,
  response: ServerResponse,
  largest: number,
): Promise<object | undefined> {
  try {
    return await readJson(request, largest);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TooLarge)) throw error;
    // The rest of a body that is too large is not waited for.
    response.setHeader('connection', 'close');
    answer(response, error instanceof TooLarge ? 413 : 400, { error: error.message });
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.writeHead(status, { ...ALWAYS, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
