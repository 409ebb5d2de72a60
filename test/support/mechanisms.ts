/** One way in which first calls go wrong: a client, a server, and the one name it has. */
export interface Mechanism {
  /** Also the name of its recording in `test/fixtures/timelines/`. */
  readonly name: string;
  /** `naive`, or a file of `templates/scenarios/`. */
  readonly scenario: string;
  /** The server that the client talks to; each has an address of its own in the lab. */
  readonly server: 'sound' | 'no-stun' | 'inverted-range' | 'without-realm';
  /** Changes of the configuration that is read, of which the wire shows nothing. */
  readonly logging?: (lines: readonly string[]) => readonly string[];
  readonly cause: string;
  /** Whether the first call connects all the same, if late. */
  readonly connects: boolean;
}

/** What people describe as "the first call fails, later ones work, and the log is empty". */
export const MECHANISMS: readonly Mechanism[] = [
  {
    name: 'credentials-on-demand',
    scenario: 'credentials-on-demand',
    server: 'sound',
    cause: 'warning ice/credentials-on-demand',
    connects: true,
  },
  {
    name: 'credentials-late',
    scenario: 'credentials-late',
    server: 'sound',
    cause: 'error ice/credentials-late',
    connects: false,
  },
  {
    name: 'offer-before-relay',
    scenario: 'offer-before-relay',
    server: 'sound',
    cause: 'error ice/offer-before-relay',
    connects: false,
  },
  {
    name: 'unresponsive-server',
    scenario: 'unresponsive-server',
    server: 'sound',
    cause: 'error ice/unresponsive-server',
    connects: false,
  },
  { name: 'no-stun', scenario: 'naive', server: 'no-stun', cause: 'error listener/no-stun', connects: false },
  {
    name: 'duplicate-server',
    scenario: 'duplicate-server',
    server: 'sound',
    cause: 'error ice/duplicate-server',
    connects: false,
  },
  {
    name: 'inverted-range',
    scenario: 'naive',
    server: 'inverted-range',
    cause: 'error relay/port-range-inverted',
    connects: false,
  },
  {
    name: 'without-realm',
    scenario: 'naive',
    server: 'without-realm',
    cause: 'error auth/realm-missing',
    connects: false,
  },
  {
    name: 'early-candidates-dropped',
    scenario: 'early-candidates-dropped',
    server: 'sound',
    cause: 'error ice/early-candidates-dropped',
    connects: false,
  },
  {
    name: 'unresolved-name',
    scenario: 'unresolved-name',
    server: 'sound',
    cause: 'error dns/name-unresolved',
    connects: true,
  },
  {
    name: 'untrusted-certificate',
    scenario: 'untrusted-certificate',
    server: 'sound',
    cause: 'error tls/untrusted',
    connects: false,
  },
  {
    name: 'malformed-url',
    scenario: 'malformed-url',
    server: 'sound',
    cause: 'error ice/malformed-url',
    connects: false,
  },
  {
    name: 'candidate-pool',
    scenario: 'candidate-pool',
    server: 'sound',
    cause: 'warning ice/candidate-pool-large',
    connects: true,
  },
  {
    name: 'not-verbose',
    scenario: 'naive',
    server: 'sound',
    logging: lines => lines.filter(line => line !== 'verbose'),
    cause: 'info logging/not-verbose',
    connects: true,
  },
  {
    name: 'log-elsewhere',
    scenario: 'naive',
    server: 'sound',
    logging: lines => ['syslog', 'log-file=/var/log/turnserver/turn.log', ...lines],
    cause: 'info logging/syslog-wins',
    connects: true,
  },
];
