import { hash, timingSafeEqual } from 'node:crypto';

/** Who asks: the text after the expiry in the user name, which the server's log and its quota per user show. */
export interface Identity {
  readonly name: string;
}

/** Whom a bearer token belongs to; null for one that is not valid. It never throws over a token. */
export type Authenticate = (token: string) => Identity | null | Promise<Identity | null>;

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/**
 * Tokens that were agreed on beforehand. Each is compared with every one of them in constant time, as digests, so that
 * neither the time nor the length of an attempt tells anything. @throws {Error} for a name or a token that is empty
 */
export function staticTokens(
  tokens: readonly { readonly name: string; readonly token: string }[],
): Authenticate {
  const known = tokens.map(({ name, token }) => {
    if (name === '' || token === '') throw new Error('a bearer token needs a name and a value');
    return { identity: { name }, digest: digest(token) };
  });
  return token => {
    const asked = digest(token);
    let found: Identity | null = null;
    for (const candidate of known) {
      if (timingSafeEqual(candidate.digest, asked)) found = candidate.identity;
    }
    return found;
  };
}

/** A JSON Web Key Set (RFC 7517 §5). */
export interface KeySet {
  readonly keys: readonly { readonly kty?: string }[];
}

export interface JwtOptions {
  /** The keys (RFC 7517), or where they are published: fetched when first needed, and again when a key is not among them. */
  readonly jwks: KeySet | URL;
  readonly issuer?: string;
  readonly audience?: string;
  /** The claim that says who asks. Default `sub`. */
  readonly nameClaim?: string;
}

/** Signatures with a public key. Not HMAC: a key set is public, and whoever reads it could sign. Never `none`. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** The key set could not be had, which is no fault of the token. */
const OUTAGES: ReadonlySet<string> = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

/** A minute: two servers' clocks are never the same. */
const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Tokens that an identity provider signed (RFC 7519). Taken with a good signature, an expiry that is not past, and the
 * issuer and audience asked for.
 */
export async function jwtTokens({
  jwks,
  issuer,
  audience,
  nameClaim = 'sub',
}: JwtOptions): Promise<Authenticate> {
  // Loaded when asked for: static tokens need nothing of it.
  const { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } = await import('jose');
  const keys =
    jwks instanceof URL
      ? createRemoteJWKSet(jwks)
      : createLocalJWKSet({ keys: jwks.keys.map(key => ({ ...key })) });
  return async token => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', nameClaim],
        ...(issuer === undefined ? {} : { issuer }),
        ...(audience === undefined ? {} : { audience }),
      });
      const name = payload[nameClaim];
      return typeof name === 'string' && name !== '' ? { name } : null;
    } catch (error) {
      if (error instanceof errors.JOSEError && !OUTAGES.has(error.code)) return null;
      throw error;
    }
  };
}
