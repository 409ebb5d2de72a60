import type { LogCauseId } from '../model/log-report.ts';
import { maskSecrets } from '../util/mask.ts';
import { causeOfUnknown, HARMLESS } from './causes.ts';
import { kept } from './fields.ts';
import type { Tallies } from './tallies.ts';

const OF_COTURN =
  /coturn|turnserver|credentials|[Ll]istener|[Rr]elay|peer IP|rate-limit|\b(?:STUN|TURN|D?TLS|RFC|realm)\b/;

/** Lines of no session: why a credential was refused, which peer was denied, errors of the server, and noise. */
export class GeneralLines {
  readonly #tallies: Tallies;
  /** Why the next 401 of a user is one: coturn says so one line before. */
  readonly #refused = new Map<string, LogCauseId>();
  version: string | null = null;
  starts = 0;
  /** Whether anything in it speaks of what coturn speaks of. */
  sawCoturn = false;
  #startedMs: number | null = null;

  constructor(tallies: Tallies) {
    this.#tallies = tallies;
  }

  /** `atMs`: when the line was written, where it says. Returns true for the line that coturn starts with. */
  read(text: string, atMs: () => number | null): boolean {
    this.sawCoturn ||= OF_COTURN.test(text);
    const version = /Version Coturn-(\d+\.\d+\.\d+)/.exec(text)?.[1];
    if (version !== undefined) {
      this.version = kept(version);
      // coturn 4.18 says again what it had to say before its log was open, with the times of then.
      const at = atMs();
      const again = at !== null && at === this.#startedMs;
      this.#startedMs = at;
      if (!again) this.starts += 1;
      return !again;
    }
    if (!this.#refusal(text, atMs) && !this.#named(text)) this.#other(text);
    return false;
  }

  /** Why that user is refused now, told once. */
  takeRefusal(user: string): LogCauseId | undefined {
    const cause = this.#refused.get(user);
    if (cause !== undefined) this.#refused.delete(user);
    return cause;
  }

  /** Up to 4.17 one line for several causes; from 4.18 on each has its own. Without verbose these are all there is. */
  #refusal(text: string, atMs: () => number | null): boolean {
    if (!text.includes('credentials')) return false;
    const match =
      /\buser (.+) credentials are incorrect|credentials of user <(.*)> have expired|credentials of user <(.*)> are wrong|Cannot find credentials of user <(.*)>/.exec(
        text,
      );
    if (!match) return false;
    // Without names, for each of which a match has an object made.
    const [, wrong, expired, secret, unknown] = match;
    const user = kept(wrong ?? expired ?? secret ?? unknown ?? '');
    const seconds = () => {
      const ms = atMs();
      return ms === null ? null : ms / 1000;
    };
    const cause =
      expired !== undefined
        ? 'expired'
        : secret !== undefined
          ? 'wrong-secret'
          : wrong !== undefined
            ? 'wrong-password'
            : causeOfUnknown(user, seconds());
    this.#tallies.countCause(cause);
    if (this.#refused.size >= 1_000) this.#refused.clear();
    this.#refused.set(user, cause);
    return true;
  }

  #named(text: string): boolean {
    const denied = /A peer IP (\S+) denied/.exec(text)?.[1];
    if (denied !== undefined) {
      this.#tallies.deniedPeers.add(kept(denied.replace(/:$/, '')));
      return true;
    }
    const limited = /rate-limit exceeded from (\S+)/.exec(text)?.[1];
    if (limited !== undefined) {
      this.#tallies.countCause('rate-limited');
      this.#tallies.limited.add(kept(limited.replace(/,$/, '').replace(/:\d+$/, '')));
      return true;
    }
    const harmless = HARMLESS.find(({ pattern }) => pattern.test(text));
    if (harmless) this.#tallies.harmless.add(harmless.text);
    return harmless !== undefined;
  }

  #other(text: string): void {
    if (!/\b(?:ERROR|FATAL)\b|\b[Cc]annot\b|Permission denied|\bfailed\b/.test(text)) return;
    this.#tallies.otherErrors.add(maskSecrets(kept(text.replace(/^(?:ERROR|WARNING|INFO): /, '').trim())));
  }
}
