/** How a credential endpoint answers, apart from what is in the answer. */
export interface EndpointHttp {
  readonly contentType: string | null;
  readonly cacheControl: string | null;
  /** Whether `Age` or `X-Cache` says that the answer came out of a cache. */
  readonly fromCache: boolean;
  /** Its clock against ours by the Date header, to the second and half the round trip; null without the header. */
  readonly aheadSeconds: number | null;
  /** Access-Control-Allow-Origin, which a page of another origin needs; null without the header. */
  readonly allowOrigin: string | null;
  /** What the same request without the token came to; null when there was no token to leave out. */
  readonly withoutToken: { readonly status: number; readonly credential: boolean } | null;
}

/** The application's credential endpoint (`--api`). */
export type EndpointFact =
  | {
      readonly outcome: 'answered';
      readonly url: string;
      readonly status: number;
      readonly uris: readonly string[];
      readonly username: string | null;
      readonly hasPassword: boolean;
      readonly ttlSeconds: number | null;
      readonly ms: number;
      /** What the shape lacks of `{username, password, ttl, uris}`. */
      readonly problems: readonly string[];
      /** `turn-rest`: draft-uberti-behave-turn-rest and Matrix. `ice-servers`: RTCConfiguration, Cloudflare, Twilio. */
      readonly dialect?: 'turn-rest' | 'ice-servers';
      readonly http?: EndpointHttp;
    }
  | {
      readonly outcome: 'failed';
      readonly url: string;
      readonly status: number | null;
      readonly error: string;
    };
