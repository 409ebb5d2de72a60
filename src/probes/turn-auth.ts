import { issueCredential } from '../credentials/issue.ts';
import { readExpiry } from '../credentials/verify.ts';
import type { AuthObservation, AuthTry, WrongCredential } from '../model/observations/turn-auth.ts';
import type { Failure } from '../model/outcome.ts';
import type { Result } from '../net/exchange.ts';
import { attribute } from '../stun/attributes.ts';
import type { StunMessage } from '../stun/message.ts';
import { type LongTermCredential, securityFeatures } from '../turn/authentication.ts';
import { refresh } from '../turn/requests.ts';
import type { AuthSettings, Candidate } from './auth-settings.ts';
import { askWith, readTry, spoilt, stranger } from './auth-try.ts';
import { boundsOf, type ExpiryTry, nextExpiry } from './clock-search.ts';
import { ask, baseOf, type Probe, type ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';
import { attemptAllocation } from './turn-allocate.ts';

type Complete = Extract<AuthObservation, { outcome: 'complete' }>;

/** So far ahead that no clock keeps a sound credential from being accepted. */
const DAY_SECONDS = 24 * 3600;
const HOUR_SECONDS = 3600;
/** 2001: refused by every server that looks at the time at all. */
const LONG_PAST = 1_000_000_000;
/** A bisection of two days ends long before. */
const MOST_CLOCK_TRIES = 24;
/** Life of a credential that is to expire while we wait; less is lost to a clock that is a second ahead. */
const SHORT_LIFE_SECONDS = 2;

const NOTHING_GIVEN: AuthSettings = { candidates: [], guesses: [], outlive: false };

/**
 * Whom the server lets in. Every try has a 5-tuple of its own, because a server holds one to its first user; those that do
 * not depend on each other go out together. About six requests are refused on the way, and a few more for the clock.
 */
export const probeAuth: Probe<AuthObservation> = async (to, context) => {
  const base = { probe: 'turn-auth' as const, ...baseOf(to) };
  const first = await askWith(undefined, to, context);
  const challenge = challengeOf(first);
  if ('outcome' in challenge) return { ...base, stagesMs: {}, ...challenge };
  const stagesMs = { challenge: challenge.ms };
  const story = new Interview(to, context);
  return { ...base, stagesMs, outcome: 'complete', challenge: challenge.read, ...(await story.tell()) };
};

function challengeOf(
  attempt: Result | Failure,
):
  | { readonly ms: number; readonly read: Complete['challenge'] }
  | Failure
  | { readonly outcome: 'unchallenged' } {
  const end = 'end' in attempt ? attempt.end : attempt;
  if ('outcome' in end) return end;
  if (end.kind === 'succeeded' || end.error.code === 437) return { outcome: 'unchallenged' };
  if (end.error.code !== 401) return { outcome: 'error-response', ...end.error };
  return { ms: end.elapsedMs, read: readChallenge(end.response) };
}

function readChallenge(response: StunMessage): Complete['challenge'] {
  const thirdParty = attribute(response, 'THIRD-PARTY-AUTHORIZATION');
  const algorithms = attribute(response, 'PASSWORD-ALGORITHMS');
  return {
    realm: attribute(response, 'REALM') ?? '',
    announced: securityFeatures(attribute(response, 'NONCE') ?? ''),
    passwordAlgorithms: algorithms?.map(({ algorithm }) => algorithm) ?? null,
    ...(thirdParty === undefined ? {} : { thirdParty }),
  };
}

/** The tries with one server, and what they came to so far. */
class Interview {
  readonly #to: Destination;
  readonly #context: ProbeContext;
  readonly #settings: AuthSettings;
  readonly #expiries: (ExpiryTry & { readonly secret: string })[] = [];
  #refusals = 0;

  constructor(to: Destination, context: ProbeContext) {
    this.#to = to;
    this.#context = context;
    const { auth } = context.settings;
    const own: Candidate[] = context.credential
      ? [{ label: context.credential.username, credential: context.credential }]
      : [];
    this.#settings =
      auth && auth.candidates.length > 0 ? auth : { ...NOTHING_GIVEN, ...auth, candidates: own };
  }

  async tell(): Promise<Pick<Complete, 'given' | 'wrong' | 'clock' | 'guessed' | 'outlived' | 'refusals'>> {
    const { candidates, guesses, outlive } = this.#settings;
    const given = await Promise.all(
      candidates.map(async candidate => ({
        label: candidate.label,
        kind: kindOf(candidate, this.#now()),
        ...(await this.#present(candidate)),
      })),
    );
    const good =
      candidates[
        Math.max(
          0,
          given.findIndex(({ answer }) => answer === 'accepted'),
        )
      ];
    const secret = good && 'secret' in good ? good.secret : undefined;
    const accepted = given.some(({ answer }) => answer === 'accepted');
    const wrong = await this.#presentWrong(good);
    const guessed = await this.#guess(guesses);
    const clock = accepted && secret !== undefined ? await this.#searchClock(secret) : undefined;
    const outlived = outlive ? await this.#outlive(accepted ? secret : undefined, clock) : undefined;
    return {
      given,
      wrong,
      ...(clock && { clock }),
      ...(guessed && { guessed }),
      ...(outlived && { outlived }),
      refusals: this.#refusals,
    };
  }

  async #try(credential: LongTermCredential): Promise<AuthTry> {
    const read = readTry(await askWith(credential, this.#to, this.#context));
    if (typeof read.answer === 'number') this.#refusals += 1;
    return read;
  }

  #present(candidate: Candidate): Promise<AuthTry> {
    if ('credential' in candidate) return this.#try(candidate.credential);
    return this.#tryExpiring(candidate.secret, Math.floor(this.#now() / 1000) + DAY_SECONDS);
  }

  #now(): number {
    return this.#context.clock.now();
  }

  /** A credential made from a secret, remembered for what its answer says about the server's clock. */
  async #tryExpiring(secret: string, expiresAt: number): Promise<AuthTry> {
    const sentAtMs = this.#now();
    const tried = await this.#try(signed(secret, expiresAt));
    const { answer } = tried;
    if (answer !== null) {
      const accepted = answer === 'accepted';
      this.#expiries.push({ secret, expiresAt, accepted, sentAtMs, answeredAtMs: this.#now() });
    }
    return tried;
  }

  async #presentWrong(good: Candidate | undefined): Promise<Complete['wrong']> {
    const secret = good && 'secret' in good ? good.secret : undefined;
    const sound = soundOf(good, this.#now());
    const kinds: Exclude<WrongCredential, 'expired'>[] = good
      ? ['wrong-password', 'unknown-user', 'garbled-integrity', 'foreign-realm', 'no-integrity']
      : ['unknown-user', 'no-integrity'];
    const tries = kinds.map(async kind => ({ kind, ...(await this.#try(spoilt(kind, sound))) }));
    if (secret === undefined) return Promise.all(tries);
    return Promise.all([...tries, this.#presentExpired(secret)]);
  }

  /** Where an hour is not enough, the clock may be behind; a server that takes the year 2001 does not look at the time. */
  async #presentExpired(secret: string): Promise<Complete['wrong'][number]> {
    const hourAgo = await this.#tryExpiring(secret, Math.floor(this.#now() / 1000) - HOUR_SECONDS);
    if (hourAgo.answer !== 'accepted') return { kind: 'expired', ...hourAgo };
    return { kind: 'expired', ...(await this.#tryExpiring(secret, LONG_PAST)) };
  }

  async #guess(guesses: AuthSettings['guesses']): Promise<Complete['guessed']> {
    if (guesses.length === 0) return undefined;
    const expiresAt = Math.floor(this.#now() / 1000) + DAY_SECONDS;
    const accepted: string[] = [];
    // One after the other: a server that counts refusals is to be spared a burst of them.
    for (const { label, secret } of guesses) {
      const { answer } = await this.#try(signed(secret, expiresAt));
      if (answer === 'accepted') accepted.push(label);
    }
    return { tried: guesses.length, accepted };
  }

  async #searchClock(secret: string): Promise<Complete['clock']> {
    const bounds = () => boundsOf(this.#expiries.filter(tried => tried.secret === secret));
    for (let tries = 0; tries < MOST_CLOCK_TRIES; tries += 1) {
      const next = nextExpiry(bounds());
      if (next === undefined) break;
      const { answer } = await this.#tryExpiring(secret, Math.round(this.#now() / 1000 + next));
      if (answer === null) break;
    }
    return bounds();
  }

  /** Allocates with a credential that is about to expire, and refreshes when by the server's clock it has. */
  async #outlive(secret: string | undefined, clock: Complete['clock']): Promise<Complete['outlived']> {
    if (secret === undefined) return { skipped: 'it needs a secret that the server takes' };
    const to = this.#to;
    const context = this.#context;
    const expiresAt = Math.ceil(this.#now() / 1000 + (clock?.atMostSeconds ?? 0)) + SHORT_LIFE_SECONDS;
    const pastAtMs = (expiresAt + 1 - (clock?.atLeastSeconds ?? 0)) * 1000;
    const credential = { ...signed(secret, expiresAt), kind: 'time-limited' as const };
    const { held, release } = await attemptAllocation(to, { ...context, credential });
    try {
      if (!held) return { skipped: 'no allocation could be made' };
      await this.#wait(pastAtMs - this.#now());
      return { answer: readRefresh(await ask(refresh(600), to, held.exchange, context)) };
    } finally {
      await release();
    }
  }

  #wait(ms: number): Promise<void> {
    const { clock, signal } = this.#context;
    return new Promise(resolve => {
      const end = () => {
        cancel();
        resolve();
      };
      const cancel = clock.schedule(ms, end);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}

function readRefresh({ end }: Result): 'accepted' | number | null {
  if ('outcome' in end) return null;
  return end.kind === 'succeeded' ? 'accepted' : end.error.code;
}

const signed = (secret: string, expiresAt: number): LongTermCredential => {
  const { username, password } = issueCredential({
    secret,
    now: expiresAt * 1000,
    ttlSeconds: 0,
    name: 'turnctl',
  });
  return { username, password };
};

function kindOf(candidate: Candidate, now: number): 'time-limited' | 'static' {
  if ('secret' in candidate) return 'time-limited';
  return readExpiry(candidate.credential.username, now).kind === 'missing' ? 'static' : 'time-limited';
}

function soundOf(good: Candidate | undefined, now: number): LongTermCredential {
  if (good === undefined) return stranger();
  return 'secret' in good ? signed(good.secret, Math.floor(now / 1000) + DAY_SECONDS) : good.credential;
}
