import type { LogCauseId, LogSession, LogTime, SessionOutcome } from '../model/log-report.ts';
import { CAUSES } from './causes.ts';
import type { Counters } from './fields.ts';

/** A moment in the log: milliseconds since 1970, or seconds since the start where there are no times. */
export interface Moment {
  readonly atMs: number | null;
  readonly uptime: number | null;
}

const PEERS_KEPT = 16;

/** A session as far as it was seen. */
export class Session {
  readonly id: string;
  readonly run: number;
  readonly started: Moment;
  /** Sessions begin in this order, and end in another. */
  readonly serial: number;
  user: string | null = null;
  realm: string | null = null;
  secured: 'tls' | 'dtls' | null = null;
  lifetimeSeconds: number | null = null;
  allocated = false;
  deleted = false;
  reason: string | null = null;
  remote: string | null = null;
  overStream = false;
  // Not pushed to, which makes room for sixteen more, in each of many thousand sessions.
  relayed: readonly string[] = [];
  peers: readonly string[] = [];
  #peerHashes: readonly number[] = [];
  readonly fromClient: Counters = { receivedPackets: 0, receivedBytes: 0, sentPackets: 0, sentBytes: 0 };
  readonly fromPeers: Counters = { receivedPackets: 0, receivedBytes: 0, sentPackets: 0, sentBytes: 0 };
  errors: readonly { cause: LogCauseId; code: number | null; method: string; count: number }[] = [];
  /** coturn logs an error with its method, then once more as `message`. */
  said: { readonly code: number; readonly method: string } | null = null;
  #ended: Moment | null = null;
  #how: 'closed' | 'restart' | 'open' | 'unknown' = 'open';

  constructor(id: string, run: number, started: Moment, serial: number) {
    this.serial = serial;
    this.id = id;
    this.run = run;
    this.started = started;
  }

  /** Whether this peer was not seen here before; told by a hash, as most lines only renew a permission. */
  isNewPeer(hash: number): boolean {
    if (this.#peerHashes.includes(hash)) return false;
    if (this.#peerHashes.length < 256) this.#peerHashes = this.#peerHashes.concat(hash);
    return true;
  }

  keepPeer(peer: string): void {
    if (this.peers.length < PEERS_KEPT) this.peers = this.peers.concat(peer);
  }

  count(cause: LogCauseId, code: number | null, method: string): void {
    const known = this.errors.find(error => error.cause === cause && error.method === method);
    if (known) known.count += 1;
    else this.errors = this.errors.concat({ cause, code, method, count: 1 });
  }

  end(ended: Moment | null, how: 'closed' | 'restart' | 'open' | 'unknown'): void {
    this.#ended = ended;
    this.#how = how;
  }

  /** As the report has it. */
  told(): LogSession {
    const ended = this.#ended;
    return {
      id: this.id,
      user: this.user,
      realm: this.realm,
      client: this.remote,
      transport: this.#transport(),
      relayed: this.relayed,
      peers: this.peers,
      peerCount: this.#peerHashes.length,
      lifetimeSeconds: this.lifetimeSeconds,
      fromClient: this.fromClient,
      fromPeers: this.fromPeers,
      errors: this.errors,
      outcome: this.outcome,
      ending: this.#how === 'closed' ? this.#closing() : this.#how,
      reason: this.reason,
      started: logTime(this.started),
      ended: ended === null ? null : logTime(ended),
      durationSeconds: ended === null ? null : secondsBetween(this.started, ended),
      run: this.run,
    };
  }

  #transport(): LogSession['transport'] {
    if (this.secured !== null) return this.secured;
    if (this.reason?.startsWith('TLS')) return 'tls';
    if (this.overStream || this.reason?.startsWith('TCP')) return 'tcp';
    return this.remote === null ? null : 'udp';
  }

  #closing(): LogSession['ending'] {
    if (this.deleted) return 'deleted';
    return /timeout|watchdog/.test(this.reason ?? '') ? 'timeout' : 'closed';
  }

  get outcome(): SessionOutcome {
    if (this.allocated) {
      const { receivedPackets, sentPackets } = this.fromPeers;
      if (receivedPackets > 0 && sentPackets > 0) return 'relayed';
      return receivedPackets > 0 || sentPackets > 0 ? 'one-way' : 'no-data';
    }
    if (this.errors.some(({ cause }) => cause === 'tls-handshake')) return 'tls-failed';
    if (this.errors.some(({ cause }) => CAUSES[cause].severity !== 'harmless')) return 'refused';
    return this.user === null && this.errors.length > 0 ? 'challenge-only' : 'nothing';
  }
}

/** As the report has it. */
export const logTime = ({ atMs, uptime }: Moment): LogTime => ({
  at: atMs === null ? null : new Date(atMs).toISOString(),
  afterStartSeconds: atMs === null ? uptime : null,
});

function secondsBetween(from: Moment, to: Moment): number | null {
  if (from.atMs !== null && to.atMs !== null) return Math.max(0, (to.atMs - from.atMs) / 1000);
  if (from.uptime !== null && to.uptime !== null) return Math.max(0, to.uptime - from.uptime);
  return null;
}
