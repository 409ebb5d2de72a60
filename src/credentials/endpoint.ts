import { issueCredential } from './issue.ts';
import { type Rate, RateLimiter } from './rate-limit.ts';
import type { Authenticate, Identity } from './tokens.ts';

export interface EndpointOptions {
  /** `static-auth-secret` of the server. The first one signs: during a rotation that is the new one. */
  readonly secrets: readonly [string, ...string[]];
  /** RFC 7065 URIs of the server, as the client is to use them. */
  readonly uris: readonly string[];
  readonly authenticate: Authenticate;
  /** How long a credential lives. Default an hour: longer than clients keep it, shorter than a leak would like. */
  readonly ttlSeconds?: number;
  /** Origins whose pages may read the answer (`https://app.example.org`); `*` for all. Default: only the same origin. */
  readonly allowedOrigins?: readonly string[];
  /** Default 60 a minute, 20 at once. */
  readonly perIdentity?: Rate;
  /** Many people may be behind one address. Default 600 a minute, 100 at once. */
  readonly perAddress?: Rate;
  /** Default `/webrtc/turn-credentials`. */
  readonly path?: string;
}

/** What of an HTTP request matters here. Header names are in lower case. */
export interface EndpointRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  /** Address of the client, for the rate. */
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; empty where the status has none. */
  readonly body: string;
  /** Who asked, where a token said so. */
  readonly identity?: string;
}

export type Answer = (request: EndpointRequest) => EndpointAnswer | Promise<EndpointAnswer>;

export const DEFAULT_PATH = '/webrtc/turn-credentials';

const DEFAULT_TTL_SECONDS = 3600;
const PER_IDENTITY: Rate = { perMinute: 60, burst: 20 };
const PER_ADDRESS: Rate = { perMinute: 600, burst: 100 };

/** Seconds for which a browser need not ask again whether it may ask. */
const PREFLIGHT_MAX_AGE = '600';

/**
 * The credential endpoint without a server around it: requests as values in, answers as values out.
 * `{"username","password","ttl","uris"}` for a good bearer token (RFC 6750), an error as `{"error"}` else.
 */
export function credentialEndpoint(options: EndpointOptions): Answer {
  const { authenticate, allowedOrigins = [], path = DEFAULT_PATH } = options;
  const identities = new RateLimiter(options.perIdentity ?? PER_IDENTITY);
  const addresses = new RateLimiter(options.perAddress ?? PER_ADDRESS);
  const issue = issuerOf(options);

  /** Headers for the origin that asks; null when it may not read the answer. */
  function corsFor(origin: string | undefined): Record<string, string> | null {
    if (allowedOrigins.includes('*')) return { 'access-control-allow-origin': '*' };
    if (origin === undefined) return { vary: 'origin' };
    if (!allowedOrigins.includes(origin)) return null;
    return { 'access-control-allow-origin': origin, vary: 'origin' };
  }

  function forIdentity(
    identity: Identity | null,
    cors: Record<string, string>,
    { method, now }: EndpointRequest,
  ): EndpointAnswer {
    if (identity === null) {
      return refusal(401, 'the bearer token is not valid', {
        ...cors,
        'www-authenticate': 'Bearer error="invalid_token"',
      });
    }
    const { name } = identity;
    const waitSeconds = identities.take(name, now);
    if (waitSeconds > 0) return { ...tooMany(waitSeconds, cors), identity: name };
    const body = issue(identity, now);
    return {
      status: 200,
      headers: { ...HEADERS, ...cors },
      body: method === 'HEAD' ? '' : body,
      identity: name,
    };
  }

  return request => {
    if (request.path !== path) return refusal(404, `there is nothing at this path, only at ${path}`);
    const cors = corsFor(request.origin);
    if (cors === null) return refusal(403, 'this origin may not ask', { vary: 'origin' });
    if (request.method === 'OPTIONS') return preflight(cors);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refusal(405, 'only GET is answered', { ...cors, allow: 'GET, HEAD, OPTIONS' });
    }
    const waitSeconds = addresses.take(request.address, request.now);
    if (waitSeconds > 0) return tooMany(waitSeconds, cors);
    const token = bearerOf(request.authorization);
    if (token === undefined) {
      return refusal(401, 'a bearer token is needed', { ...cors, 'www-authenticate': 'Bearer' });
    }
    const identity = authenticate(token);
    return identity instanceof Promise
      ? identity.then(found => forIdentity(found, cors, request))
      : forIdentity(identity, cors, request);
  };
}

/**
 * Makes the body of a good answer. What does not change from one to the next is written once, and whoever asks again within
 * the second, which is all that a user name tells, gets the same.
 */
function issuerOf({ secrets: [secret], uris, ttlSeconds = DEFAULT_TTL_SECONDS }: EndpointOptions) {
  const rest = `"ttl":${ttlSeconds},"uris":${JSON.stringify(uris)}}`;
  const made = new Map<string, string>();
  let second = 0;
  return ({ name }: Identity, now: number): string => {
    if (second !== Math.floor(now / 1000)) made.clear();
    second = Math.floor(now / 1000);
    const known = made.get(name);
    if (known !== undefined) return known;
    const { username, password } = issueCredential({ secret, now, ttlSeconds, name: userNamePart(name) });
    const body = `{"username":"${username}","password":"${password}",${rest}`;
    made.set(name, body);
    return body;
  };
}

/** coturn takes the text behind the expiry as it is; a separator in it, or a blank, only confuses those who read its log. */
const userNamePart = (name: string): string => name.replaceAll(/[^\w.@-]/g, '_').slice(0, 64);

/** RFC 6750 §2.1: the scheme in any case, then what a token may be made of. */
const bearerOf = (header: string | undefined): string | undefined =>
  /^bearer +([\w.~+/-]+=*) *$/i.exec(header ?? '')?.[1];

/** A credential belongs to one client for a while: no cache may keep it. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const;

function refusal(status: number, error: string, headers: Record<string, string> = {}): EndpointAnswer {
  return { status, headers: { ...HEADERS, ...headers }, body: JSON.stringify({ error }) };
}

const tooMany = (waitSeconds: number, cors: Record<string, string>): EndpointAnswer =>
  refusal(429, 'too many requests', { ...cors, 'retry-after': String(waitSeconds) });

const preflight = (cors: Record<string, string>): EndpointAnswer => ({
  status: 204,
  headers: {
    ...cors,
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': 'authorization',
    'access-control-max-age': PREFLIGHT_MAX_AGE,
  },
  body: '',
});
