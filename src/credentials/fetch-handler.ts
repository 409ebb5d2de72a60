import { credentialEndpoint, type EndpointOptions } from './endpoint.ts';

/** What the server around the handler knows of a request beside the request. */
export interface RequestContext {
  /** Address of the client. Without it all share one rate. */
  readonly address?: string;
}

/**
 * The credential endpoint as a handler to mount in another server: Fetch API `Request` in, `Response` out. It answers its
 * path (`/webrtc/turn-credentials`) and 404 to everything else.
 */
export function credentialHandler(
  options: EndpointOptions,
): (request: Request, context?: RequestContext) => Promise<Response> {
  const answer = credentialEndpoint(options);
  return async (request, { address = '' } = {}) => {
    const { status, headers, body } = await answer({
      method: request.method,
      path: new URL(request.url).pathname,
      authorization: request.headers.get('authorization') ?? undefined,
      origin: request.headers.get('origin') ?? undefined,
      address,
      now: Date.now(),
    });
    return new Response(body === '' ? null : body, { status, headers });
  };
}
