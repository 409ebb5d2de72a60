import type { Answer } from './endpoint.ts';
import { type HttpServer, type HttpServerSettings, startHttpServer } from './http-server.ts';
import { Listener, type ListenerOptions } from './listener.ts';

export interface ServerSettings extends ListenerOptions, HttpServerSettings {
  readonly answer: Answer;
}

export type CredentialServer = HttpServer;

/**
 * The credential endpoint as a server of its own, with `/healthz` (the process lives) and `/readyz` (it takes requests).
 * @throws {Error} of Node where it cannot listen, or for a proxy that is no address
 */
export async function startCredentialServer(settings: ServerSettings): Promise<CredentialServer> {
  const listener = new Listener(settings.answer, settings);
  const server = await startHttpServer(settings, (request, response) => listener.serve(request, response));
  return {
    ...server,
    async stop(graceMs) {
      listener.stopping = true;
      await server.stop(graceMs);
    },
  };
}
