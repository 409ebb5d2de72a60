import { HostError } from '../host.ts';

interface Failure {
  readonly pattern: RegExp;
  readonly code: HostError['code'];
  readonly says: string;
  readonly hint: (destination: string) => string;
}

/** What OpenSSH 7 to 9 write with LC_ALL=C before they exit with 255; the first that fits tells why. */
const FAILURES: readonly Failure[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Offending \S+ key in/,
    code: 'permission-denied',
    says: 'its host key is another one than known_hosts has',
    hint: destination =>
      `Find out why before you trust the new one; then ssh-keygen -R takes the old one out, and ssh ${destination} asks anew.`,
  },
  {
    pattern: /Host key verification failed/,
    code: 'permission-denied',
    says: 'its host key is not in known_hosts',
    hint: destination => `Run ssh ${destination} once, and compare the fingerprint it shows.`,
  },
  {
    pattern: /Permission denied \(|Too many authentication failures|no mutual signature/,
    code: 'permission-denied',
    says: 'it refuses the keys offered',
    hint: destination =>
      `See that ssh ${destination} works without a question: the key in ssh-agent (ssh-add -l), or IdentityFile in ~/.ssh/config.`,
  },
  {
    pattern: /Could not resolve hostname/,
    code: 'not-found',
    says: 'its name does not resolve',
    hint: () => 'Correct the name, or give it HostName in ~/.ssh/config.',
  },
  {
    pattern: /Connection refused/,
    code: 'io',
    says: 'nothing listens on its SSH port',
    hint: () => 'Give the port in ~/.ssh/config, or as ssh://HOST:PORT.',
  },
  {
    pattern: /Connection timed out|Operation timed out|No route to host|Network is unreachable/,
    code: 'timed-out',
    says: 'it cannot be reached',
    hint: destination => `See whether ssh ${destination} connects, and which firewall is on the way.`,
  },
  {
    pattern: /Session open refused/,
    code: 'io',
    says: 'it allows too few sessions for one connection',
    hint: () => 'Set MaxSessions in its sshd_config to its default of 10.',
  },
  {
    pattern: /Bad owner or permissions|Bad configuration option|terminating, \d+ bad configuration/,
    code: 'io',
    says: 'the configuration of ssh here is refused',
    hint: () => 'Mend the file that it names.',
  },
];

/** What ssh's own failure (exit 255) comes to: one sentence, what ssh wrote at the end, and a hint. */
export function sshFailure(destination: string, stderr: string): HostError {
  const lines = stderr.split(/\r?\n/).filter(line => line.trim() !== '');
  const failure = FAILURES.find(({ pattern }) => pattern.test(stderr));
  const last = lines.at(-1)?.trim() ?? 'ssh said nothing';
  if (failure === undefined) {
    return new HostError('io', `ssh ${destination} failed: ${last}`, {
      hint: `ssh -v ${destination} says more.`,
    });
  }
  const { code, says, hint } = failure;
  return new HostError(code, `ssh ${destination} failed: ${says} (${last})`, { hint: hint(destination) });
}
