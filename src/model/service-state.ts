import type { Fact } from './fact.ts';
import type { ConfigFact, ServiceFact, SocketFact, VersionFact } from './facts.ts';

/** Open files a process may have (RLIMIT_NOFILE). */
export interface FileLimit {
  readonly soft: number;
  readonly hard: number;
}

/** The certificate in the file beside the one each TLS listener shows. Fingerprints are SHA-256. */
export interface CertificateState {
  readonly path: string;
  readonly fingerprint256: string;
  readonly notAfter: string;
  readonly served: readonly {
    readonly address: string;
    readonly fingerprint256: string;
    readonly notAfter: string;
    readonly same: boolean;
  }[];
}

/** Everything `service status` tells of a service. Times in UTC ISO 8601. */
export interface ServiceState
  extends Pick<
    ServiceFact,
    | 'manager'
    | 'name'
    | 'active'
    | 'sub'
    | 'enabled'
    | 'restarts'
    | 'user'
    | 'startedAt'
    | 'privateTmp'
    | 'compose'
  > {
  readonly pid: number | null;
  readonly uptimeSeconds: number | null;
  readonly version: VersionFact;
  /** `changedSinceStart`: the process works with an earlier state of the file. */
  readonly configuration: Fact<{
    readonly path: string;
    readonly foundBy: ConfigFact['foundBy'];
    readonly changedSinceStart: boolean | null;
  }>;
  readonly unitFile: string | null;
  readonly dropIns: readonly string[];
  readonly listeners: Fact<readonly Pick<SocketFact, 'protocol' | 'ip' | 'port'>[]>;
  readonly certificate: Fact<CertificateState>;
  /** Relay sockets that are open: one for each allocation, and one more for each reserved port (RFC 8656 §7.2). */
  readonly allocations: Fact<number>;
  readonly openFiles: Fact<FileLimit>;
  readonly capabilities: readonly string[];
  /** Listening ports below the first that everybody may bind, and whether the service may. */
  readonly lowPorts: { readonly ports: readonly number[]; readonly allowed: boolean };
}

/** The longest time without an answer, as requests sent every few milliseconds saw it. */
export interface Gap {
  /** Null where nothing answered before, or nothing does since. */
  readonly gapMs: number | null;
  readonly request: 'Binding' | 'Allocate';
  readonly everyMs: number;
  readonly sent: number;
  readonly unanswered: number;
}

/** What `restart`, `reload` and `drain` did. */
export type ServiceAction =
  | { readonly kind: 'none'; readonly why: string }
  | {
      readonly kind: 'restart';
      readonly up: boolean;
      readonly gap: Gap;
      readonly allocationsLost: number | null;
      /** What the service manager wrote when it failed. */
      readonly problem: string | null;
    }
  | {
      readonly kind: 'reload';
      readonly loaded: boolean;
      /** The certificate of the file was served before already. */
      readonly sameBefore: boolean;
      readonly waitedMs: number;
    }
  | {
      readonly kind: 'drain';
      /** Whether a new allocation was refused with 403, as it must be; null where none was tried. */
      readonly refusesNew: boolean | null;
      readonly allocationsBefore: number;
      readonly allocationsLeft: number;
      readonly drainedMs: number;
      readonly deadlineReached: boolean;
      readonly afterwards: 'restart' | 'stop' | 'nothing';
      readonly gap: Gap | null;
      readonly up: boolean | null;
    };

/** The `service` section of a report. */
export interface ServiceSection {
  /** Null where there is no service. */
  readonly state: ServiceState | null;
  readonly action?: ServiceAction;
}
