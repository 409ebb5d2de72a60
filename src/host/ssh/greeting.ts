import { HostError } from '../host.ts';

/** A word that a shell which is not POSIX's, or another quoting, would give back changed. */
export const PROBE_WORD = `turnctl 'a' "b" \\n $HOME \`c\` !d *`;

/** What the other host says of itself first: one line each. */
export const GREETING = [
  `printf '%s\\n' "$1" "$(id -u)" "$(uname -n)" "$PATH" "$SSH_CONNECTION"`,
  `if [ "$(id -u)" != 0 ] && sudo -n true >/dev/null 2>&1; then echo sudo; else echo; fi`,
  'command -v timeout || echo',
].join('\n');

/** Who we are on the other host. */
export interface Greeting {
  /** What the host calls itself. */
  readonly name: string;
  readonly uid: number;
  readonly path: string;
  /** Its own address of the SSH connection; null where it did not say. */
  readonly address: string | null;
  /** Whether programs can be started as root by `sudo -n`. */
  readonly sudo: boolean;
  /** Whether it has timeout(1), to end what turnctl no longer waits for. */
  readonly timeout: boolean;
}

/** Reads what `GREETING` printed. @throws {HostError} when a login shell changed it or wrote something of its own */
export function parseGreeting(destination: string, stdout: string): Greeting {
  const at = stdout.indexOf(`${PROBE_WORD}\n`);
  if (at < 0) {
    throw new HostError('io', `the login shell on ${destination} does not read words as a POSIX shell does`, {
      hint: 'Log in as a user whose shell is sh, bash, dash, ksh or zsh.',
    });
  }
  if (at > 0) {
    throw new HostError(
      'io',
      `the login shell on ${destination} prints ${at} bytes of its own before each program runs`,
      { hint: 'Let .bashrc, .zshenv or the like print nothing unless a person is logged in.' },
    );
  }
  const [uid = '', name = '', path = '', connection = '', sudo = '', timeout = ''] = stdout
    .slice(PROBE_WORD.length + 1)
    .split('\n');
  return {
    name,
    uid: Number(uid),
    path,
    address: connection.split(' ')[2] || null,
    sudo: sudo === 'sudo',
    timeout: timeout !== '',
  };
}
