import { type Fact, known } from '../model/fact.ts';
import type { EndpointFact } from '../model/facts.ts';
import type { ServerUri } from '../model/target.ts';
import type { Clock } from '../net/net.ts';
import type { LongTermCredential } from '../turn/authentication.ts';
import { parseServerUri } from '../turn/uri.ts';
import { maskUri } from '../util/mask.ts';

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
type Answered = Extract<EndpointFact, { outcome: 'answered' }>;

const MAX_BODY_BYTES = 1 << 20;

/** Asks the application's credential endpoint as its clients do. Never throws: whatever goes wrong is in the fact. */
export async function readEndpoint(request: EndpointRequest): Promise<Endpoint> {
  const url = withoutSecrets(request.url);
  const start = request.clock.monotonic();
  const timeout = new AbortController();
  const cancel = request.clock.schedule(request.timeoutMs, () => timeout.abort());
  try {
    const response = await fetch(request.url, {
      headers: {
        accept: 'application/json',
        ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      },
      signal: AbortSignal.any([timeout.signal, request.signal]),
    });
    const body = await readBody(response);
    const ms = request.clock.monotonic() - start;
    const { status } = response;
    if (!response.ok) return failed({ outcome: 'failed', url, status, error: refusal(status) });
    if (body === null)
      return failed({ outcome: 'failed', url, status, error: 'the answer is longer than 1 MiB' });
    const answer = readAnswer(body);
    return { ...answer, fact: known({ outcome: 'answered', url, status, ms, ...answer.shape }) };
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
  return cause.message || code || error.message;
}

/** A URL may carry a token as user info or in its query; neither belongs into a fact. */
export function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return text.replace(/\?.*/, '?…');
  const { protocol, host, pathname, search } = new URL(text);
  return `${protocol}//${host}${pathname}${search ? '?…' : ''}`;
}

interface ReadAnswer {
  readonly shape: Omit<Answered, 'outcome' | 'url' | 'status' | 'ms'>;
  readonly credential?: LongTermCredential;
  readonly uris: readonly ServerUri[];
}

/** Reads `{ username, password | credential, ttl, uris | urls }` and says what the body lacks of it. */
export function readAnswer(body: string): ReadAnswer {
  const fields = parseFields(body);
  const { username, ttl } = fields;
  const password = fields.password ?? fields.credential;
  const listed = fields.uris ?? fields.urls;
  const uris = (typeof listed === 'string' ? [listed] : Array.isArray(listed) ? listed : []).filter(
    uri => typeof uri === 'string',
  );
  const hasUsername = typeof username === 'string' && username !== '';
  const hasPassword = typeof password === 'string' && password !== '';
  const ttlSeconds = typeof ttl === 'number' || typeof ttl === 'string' ? Number(ttl) : Number.NaN;
  const lacks: [lacking: boolean, what: string][] = [
    [!hasUsername, 'no username'],
    [!hasPassword, 'no password'],
    [!(ttlSeconds > 0), 'no ttl in seconds'],
    [uris.length === 0, 'no uris'],
  ];
  const problems =
    fields === NOTHING ? ['not a JSON object'] : lacks.filter(([lacking]) => lacking).map(([, what]) => what);
  const parsed = uris
    .filter(uri => /^(stun|turn)s?:/i.test(uri))
    .map(parseServerUri)
    .flatMap(target => ('uris' in target ? target.uris : []));
  return {
    shape: {
      uris: uris.map(maskUri),
      username: hasUsername ? username : null,
      hasPassword,
      ttlSeconds: ttlSeconds > 0 ? ttlSeconds : null,
      problems,
    },
    uris: parsed,
    ...(hasUsername && hasPassword ? { credential: { username, password } } : {}),
  };
}

type Fields = {
  readonly [name in 'username' | 'password' | 'credential' | 'ttl' | 'uris' | 'urls']?: unknown;
};

const NOTHING: Fields = {};

function parseFields(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : NOTHING;
  } catch (error) {
    if (error instanceof SyntaxError) return NOTHING;
    throw error;
  }
}
