import { PUBLISHED_SECRETS } from '../../config/known-secrets.ts';
import type { AuthSettings, Candidate } from '../../probes/auth-settings.ts';
import type { GivenSecrets } from '../secrets.ts';
import { isTurn, type ProbeKind } from './kind.ts';

interface AuthFlags {
  readonly target: readonly string[];
  readonly timeout: number;
  readonly weakSecrets?: boolean;
  readonly outlive?: boolean;
}

/** What an allocation takes that is to outlive its credential. */
const OUTLIVE_MS = 8000;

/** One after the other, two round trips each. */
const GUESS_MS = 200;

export const auth: ProbeKind = {
  name: 'auth',
  summary: 'whom the server lets in: given credentials, six wrong ones, its clock',
  fits: isTurn,
  instead: 'Give a host name, or a turn: or turns: URI.',
  addOptions: command =>
    command
      .option('--weak-secrets', 'try secrets that anybody knows as well: dozens of refused requests')
      .option('--outlive', 'see whether an allocation outlives its credential: takes some seconds'),
  probing: ({ target, timeout, weakSecrets, outlive = false }: AuthFlags, given) => {
    const candidates = candidatesOf(given);
    const guesses = weakSecrets ? guessesFor(target) : [];
    return {
      // With several credentials it is no fault that one of them cannot allocate.
      steps: candidates.length > 1 ? ['turn-auth'] : ['turn-allocate', 'turn-auth'],
      settings: { auth: { candidates, guesses, outlive } },
      timeoutMs: timeout * 1000 + guesses.length * GUESS_MS + (outlive ? OUTLIVE_MS : 0),
    };
  },
};

function candidatesOf({ sharedSecrets, user }: GivenSecrets): readonly Candidate[] {
  return [
    ...sharedSecrets.map(({ from, secret }) => ({ label: `the secret of ${from}`, secret })),
    ...(user === undefined
      ? []
      : [{ label: `user ${user.name}`, credential: { username: user.name, password: user.password } }]),
  ];
}

function guessesFor(targets: readonly string[]): AuthSettings['guesses'] {
  const hosts = targets.map(target => target.replace(/^(?:turns?|stuns?):/, '').replace(/[:?].*$/, ''));
  return [
    { label: 'an empty secret', secret: '' },
    ...hosts.filter(Boolean).map(secret => ({ label: 'the host name as secret', secret })),
    ...[...PUBLISHED_SECRETS].map(secret => ({ label: 'a published secret', secret })),
  ];
}
