import type { EndpointFact } from '../model/endpoint.ts';
import type { ServerUri } from '../model/target.ts';
import type { LongTermCredential } from '../turn/authentication.ts';
import { parseServerUri } from '../turn/uri.ts';
import { maskUri } from '../util/mask.ts';

type Answered = Extract<EndpointFact, { outcome: 'answered' }>;

interface ReadAnswer {
  readonly shape: Omit<Answered, 'outcome' | 'url' | 'status' | 'ms' | 'http'>;
  readonly credential?: LongTermCredential;
  readonly uris: readonly ServerUri[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What the answer says, whatever its dialect. */
interface Offer {
  readonly dialect: NonNullable<Answered['dialect']>;
  readonly username: unknown;
  readonly password: unknown;
  readonly ttl: unknown;
  readonly uris: readonly string[];
  /** Of a list of servers: those that a browser needs a credential for and gets none. */
  readonly bare: readonly string[];
}

/**
 * Reads `{ username, password | credential, ttl, uris | urls }` (draft-uberti-behave-turn-rest-00 §2.2, Matrix), or the
 * `iceServers` of an RTCConfiguration (Cloudflare; Twilio calls them `ice_servers`), and says what the body lacks of it.
 */
export function readAnswer(body: string): ReadAnswer {
  const offer = offerOf(parseJson(body));
  if (offer === undefined) {
    const nothing = { uris: [], username: null, hasPassword: false, ttlSeconds: null };
    return { shape: { ...nothing, problems: ['not a JSON object'] }, uris: [] };
  }
  const { dialect, username, password, ttl, uris, bare } = offer;
  const hasUsername = typeof username === 'string' && username !== '';
  const hasPassword = typeof password === 'string' && password !== '';
  const ttlSeconds = typeof ttl === 'number' || typeof ttl === 'string' ? Number(ttl) : Number.NaN;
  const lacks: [lacking: boolean, what: string][] = [
    [!hasUsername, 'no username'],
    [!hasPassword, 'no password'],
    // A list of servers has no place for it; the user name says the same.
    [!(ttlSeconds > 0) && dialect === 'turn-rest', 'no ttl in seconds'],
    [uris.length === 0, 'no uris'],
    [hasPassword && bare.length > 0, `no credential beside ${bare.map(maskUri).join(', ')}`],
  ];
  return {
    shape: {
      uris: uris.map(maskUri),
      username: hasUsername ? username : null,
      hasPassword,
      ttlSeconds: ttlSeconds > 0 ? ttlSeconds : null,
      problems: lacks.filter(([lacking]) => lacking).map(([, what]) => what),
      dialect,
    },
    uris: uris
      .filter(uri => /^(stun|turn)s?:/i.test(uri))
      .map(parseServerUri)
      .flatMap(target => ('uris' in target ? target.uris : [])),
    ...(hasUsername && hasPassword ? { credential: { username, password } } : {}),
  };
}

function offerOf(value: unknown): Offer | undefined {
  const servers = serversIn(value);
  if (servers !== undefined) return offerOfServers(servers, isObject(value) ? value : {});
  if (!isObject(value)) return undefined;
  return {
    dialect: 'turn-rest',
    username: value.username,
    password: value.password ?? value.credential,
    ttl: value.ttl,
    uris: urisIn(value),
    bare: [],
  };
}

/** The list of servers, bare or under the names in use for it; Cloudflare has a single server in place of a list. */
function serversIn(value: unknown): readonly Fields[] | undefined {
  const list = isObject(value) ? (value.iceServers ?? value.ice_servers) : value;
  if (Array.isArray(list)) {
    const servers = list.filter(isObject);
    return servers.length > 0 ? servers : undefined;
  }
  return isObject(value) && isObject(list) ? [list] : undefined;
}

function offerOfServers(servers: readonly Fields[], around: Fields): Offer {
  const withCredential = servers.find(({ username, credential }) => username && credential);
  const bare = servers.filter(server => !(server.username && server.credential)).flatMap(urisIn);
  return {
    dialect: 'ice-servers',
    username: withCredential?.username,
    password: withCredential?.credential,
    ttl: around.ttl,
    uris: servers.flatMap(urisIn),
    bare: bare.filter(uri => /^turns?:/i.test(uri)),
  };
}

function urisIn({ uris, urls, url }: Fields): string[] {
  const listed = uris ?? urls ?? url;
  const list: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  return list.filter(uri => typeof uri === 'string');
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
