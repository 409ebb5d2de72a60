import type { EndpointFact, EndpointHttp } from '../model/endpoint.ts';
import { type Fact, known } from '../model/fact.ts';
import type { ServerUri } from '../model/target.ts';
import type { Clock } from '../net/net.ts';
import type { LongTermCredential } from '../turn/authentication.ts';
import { readAnswer } from './endpoint-answer.ts';

/** What the application hands to its clients: the fact, and apart from it what must not be in a fact. */
export interface Endpoint {
  readonly fact: Fact<EndpointFact>;
  readonly credential?: LongTermCredential;
  /** The URIs that can be read; the others are in the fact as they came. */
  readonly uris: readonly ServerUri[];
}

export interface EndpointRequest {
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

type Failed = Extract<EndpointFact, { outcome: 'failed' }>;

const MAX_BODY_BYTES = 1 << 20;

/** Asks the application's credential endpoint as its clients do. Never throws: whatever goes wrong is in the fact. */
export async function readEndpoint(request: EndpointRequest): Promise<Endpoint> {
  const url = withoutSecrets(request.url);
  const timeout = new AbortController();
  const cancel = request.clock.schedule(request.timeoutMs, () => timeout.abort());
  const signal = AbortSignal.any([timeout.signal, request.signal]);
  try {
    const [got, withoutToken] = await Promise.all([get(request, signal), getWithoutToken(request, signal)]);
    const { response, body, ms } = got;
    const { status } = response;
    if (!response.ok) return failed({ outcome: 'failed', url, status, error: refusal(status) });
    if (body === null)
      return failed({ outcome: 'failed', url, status, error: 'the answer is longer than 1 MiB' });
    const { shape, ...answer } = readAnswer(body);
    const http = { ...headersOf(got), withoutToken };
    return { ...answer, fact: known({ outcome: 'answered', url, status, ms, ...shape, http }) };
  } catch (error) {
    const reason = request.signal.aborted
      ? 'interrupted'
      : timeout.signal.aborted
        ? `no answer in ${request.timeoutMs} ms`
        : reasonOf(error);
    return failed({ outcome: 'failed', url, status: null, error: reason });
  } finally {
    cancel();
  }
}

interface Got {
  readonly response: Response;
  readonly body: string | null;
  readonly ms: number;
  /** Milliseconds since 1970, half way between request and answer. */
  readonly aboutMs: number;
}

async function get({ url, token, clock }: EndpointRequest, signal: AbortSignal): Promise<Got> {
  const start = clock.monotonic();
  const startedAtMs = clock.now();
  const response = await fetch(url, {
    headers: {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    signal,
  });
  const aboutMs = (startedAtMs + clock.now()) / 2;
  return { response, aboutMs, body: await readBody(response), ms: clock.monotonic() - start };
}

/** Whether the endpoint hands its credentials to somebody without the token, too. */
async function getWithoutToken(
  { token, ...request }: EndpointRequest,
  signal: AbortSignal,
): Promise<EndpointHttp['withoutToken']> {
  if (token === undefined) return null;
  try {
    const { response, body } = await get(request, signal);
    const credential = response.ok && body !== null && readAnswer(body).credential !== undefined;
    return { status: response.status, credential };
  } catch {
    // The request with the token meets the same obstacle, and its reason is the one that is told.
    return null;
  }
}

function headersOf({ response: { headers }, aboutMs }: Got): Omit<EndpointHttp, 'withoutToken'> {
  const date = Date.parse(headers.get('date') ?? '');
  return {
    contentType: headers.get('content-type'),
    cacheControl: headers.get('cache-control'),
    fromCache: headers.has('age') || /\bhit\b/i.test(headers.get('x-cache') ?? ''),
    // The header counts whole seconds and is half a second behind on average.
    aheadSeconds: Number.isNaN(date) ? null : Math.round((date + 500 - aboutMs) / 1000),
    allowOrigin: headers.get('access-control-allow-origin'),
  };
}

/** Null when it is longer than any answer; what is left of it is not read. */
async function readBody({ body }: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const failed = (fact: Failed): Endpoint => ({ fact: known(fact), uris: [] });

function refusal(status: number): string {
  if (status === 401 || status === 403) return `HTTP ${status}: the endpoint refuses the token`;
  return `HTTP ${status}`;
}

/** `fetch failed` says nothing; the cause under it does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const distrust = code === undefined ? undefined : DISTRUST[code];
  return distrust === undefined
    ? cause.message || code || error.message
    : `its certificate ${distrust} (${code})`;
}

/** Why an https endpoint is refused, by OpenSSL's codes. */
const DISTRUST: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'comes without the certificate of its issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'comes from an authority that is not trusted here, or without its intermediate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'comes from an authority that is not trusted here, or without its intermediate',
};

/** A URL may carry a token as user info or in its query; neither belongs into a fact. */
export function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return text.replace(/\?.*/, '?…');
  const { protocol, host, pathname, search } = new URL(text);
  return `${protocol}//${host}${pathname}${search ? '?…' : ''}`;
}
