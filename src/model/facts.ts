import type { CallRecord } from './call-record.ts';
import type { EndpointFact } from './endpoint.ts';
import type { Fact } from './fact.ts';
import type { FirewallFact } from './firewall.ts';
import type { Observation } from './observation.ts';
import type { Readability } from './readability.ts';
import type { Scenario } from './scenario.ts';

/** Which coturn to judge by. `version` is always one of, or between, the releases of `config/versions.ts`. */
export interface VersionFact {
  readonly version: string;
  readonly origin: 'asked' | 'running' | 'installed' | 'software-attribute' | 'newest-known';
}

/** What is left of a secret in a fact: enough to judge its form, nothing to use it with. */
export interface SecretTraits {
  readonly length: number;
  /** Known from a tutorial, a sample file or an image. */
  readonly published: boolean;
  /** `YOUR_SECRET`, `<secret>`, `changeme`. */
  readonly placeholder: boolean;
  /** Upper bound of its entropy, from length and the classes of characters used. */
  readonly entropyBits: number;
}

/**
 * One option as coturn reads it: a line of the file, or an argument of the command line. Characters of a secret are
 * replaced by `*` one for one, so that positions hold; blanks, `#`, `;`, `=` and quotes stay.
 */
export interface ConfigEntry {
  readonly origin: 'file' | 'command-line';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The name exactly as written, known to coturn or not. */
  readonly name: string;
  /** Everything after the separator, as written, without line end and trailing blanks; null without any. */
  readonly rawValue: string | null;
  /** Column of `rawValue`. */
  readonly valueColumn: number;
  /** The value coturn works with (one pair of double quotes taken off); null when there is none. */
  readonly value: string | null;
  /** The whole line, masked, for a caret to point into. */
  readonly source: string;
  /** Column of the line at which `source` starts, where it is not the first (an overflow). */
  readonly sourceColumn?: number;
  /** What kind of secret the value holds, if any; a whole value, or the part of it that is one. */
  readonly secret?: SecretTraits;
  /** Byte 1024 onward of a longer line, which coturn reads as a line of its own. */
  readonly overflow: boolean;
}

/** `cut-short`: nothing from this line on was read, because no configuration has as many options. */
export type SyntaxFault = {
  readonly kind:
    | 'byte-order-mark'
    | 'cr-only'
    | 'nul-byte'
    | 'line-too-long'
    | 'utf-16'
    | 'binary'
    | 'cut-short';
  readonly line: number;
  readonly column: number;
};

/** The configuration as coturn reads it (facts of grammar: docs/turnserver-conf.md). */
export interface ConfigFact {
  /** The file, `<stdin>`, or `<defaults>` when coturn runs without any. */
  readonly path: string;
  /** How we know that the service reads this one. */
  readonly foundBy: 'asked' | 'process' | 'unit' | 'container' | 'search-path' | 'demo';
  readonly entries: readonly ConfigEntry[];
  readonly faults: readonly SyntaxFault[];
  /** Lines that are neither blank nor comment. */
  readonly optionLines: number;
  /** Comments that hold `turnctl-ignore RULE: reason`. */
  readonly ignores: readonly { readonly rule: string; readonly reason: string; readonly line: number }[];
}

/** The configuration file as an object of the file system. */
export interface ConfigFileFact extends Readability {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** Permission bits, as 0o640. */
  readonly mode: number;
  readonly modifiedAt: string;
  /** coturn is told to read it and there is none: it runs on its defaults. Owner and time are empty then. */
  readonly missing?: true;
}

export interface ServiceFact {
  readonly manager: 'systemd' | 'docker' | 'openrc' | 'none';
  /** `coturn.service`, or a container's name. */
  readonly name: string;
  /** systemd's words: loaded, not-found, masked. */
  readonly load: string;
  /** active, activating, deactivating, inactive, failed. */
  readonly active: string;
  readonly sub: string;
  /** enabled, disabled, static, … */
  readonly enabled: string;
  readonly result: string;
  readonly mainPid: number | null;
  readonly restarts: number;
  readonly user: string;
  readonly group: string;
  /** argv of ExecStart or of the container, secrets masked. */
  readonly argv: readonly string[];
  readonly fragments: readonly string[];
  readonly capabilities: readonly string[];
  readonly privateTmp: boolean;
  readonly startedAt: string | null;
  /** Of a container: the program that manages it, Docker where nothing is said. */
  readonly engine?: 'docker' | 'podman';
  /** Of a container that Compose made. */
  readonly compose?: { readonly project: string; readonly service: string; readonly file: string };
  /** The last lines of its journal, oldest first, secrets masked. */
  readonly journal: Fact<readonly string[]>;
}

/** A running turnserver. */
export interface ProcessFact {
  readonly pid: number;
  readonly user: string;
  readonly argv: readonly string[];
  readonly startedAt: string | null;
  /** Same network namespace as turnctl: only such a process can share ports with another. */
  readonly sameNetwork: boolean;
  /** `coturn.service`, a container id, or null when started by hand. */
  readonly unit: string | null;
}

/** A listening socket of any program on this host. */
export interface SocketFact {
  readonly protocol: 'udp' | 'tcp';
  /** `0.0.0.0` and `::` for every address. */
  readonly ip: string;
  readonly port: number;
  /** Null where only root may see the owner. */
  readonly pid: number | null;
  readonly program: string | null;
}

export interface InterfaceAddress {
  readonly interface: string;
  readonly ip: string;
  readonly prefixLength: number;
  readonly scope: 'global' | 'link' | 'host' | 'site';
}

export interface CertificateFile extends Readability {
  readonly path: string;
  readonly modifiedAt: string | null;
  readonly exists: boolean;
}

/** The files named by `cert` and `pkey`. */
export interface TlsFilesFact {
  readonly certificateFile: CertificateFile;
  readonly keyFile: CertificateFile;
  readonly certificate: Fact<{
    readonly subject: string;
    readonly issuer: string;
    readonly names: readonly string[];
    readonly notBefore: string;
    readonly notAfter: string;
    readonly fingerprint256: string;
    readonly keyType: 'rsa' | 'ec' | 'ed25519' | 'other';
    readonly chainLength: number;
    readonly selfSigned: boolean;
  }>;
  readonly key: Fact<{ readonly encrypted: boolean; readonly matchesCertificate: boolean | null }>;
}

export interface LogFact {
  /** Where the log really goes. `nowhere` when it goes to no file and the service's output is discarded. */
  readonly destination: 'file' | 'syslog' | 'stdout' | 'journal' | 'nowhere';
  /** What `log-file` asks for. */
  readonly configured: string | null;
  /** The file a running process has open, or the newest that fits. */
  readonly actual: string | null;
  /** The process writes on into a file that was deleted, as by a rotation without SIGHUP. */
  readonly deleted?: true;
  /** Whether the service's user may write into the folder asked for; null when unknown or not a file. */
  readonly folderWritable: boolean | null;
}

/** Lines of coturn's own log, most recent last, secrets masked. */
export interface LogLinesFact {
  readonly source: string;
  readonly lines: readonly string[];
}

export interface KernelFact {
  /** net.ipv4.ip_unprivileged_port_start. */
  readonly unprivilegedPortStart: number;
}

export interface ContainerFact {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly networkMode: string;
  readonly published: readonly {
    readonly protocol: 'udp' | 'tcp';
    readonly hostFrom: number;
    readonly hostTo: number;
    readonly containerFrom: number;
    readonly containerTo: number;
  }[];
}

/** Names of `proc-user` and `proc-group` that the host does not know. */
export interface AccountsFact {
  readonly missing: readonly { readonly option: 'proc-user' | 'proc-group'; readonly name: string }[];
}

/** What was seen on the wire. */
export interface WireFact {
  /** From the server's own host its firewall is not crossed, and a private address proves nothing about users. */
  readonly vantage: 'server-host' | 'elsewhere';
  readonly server: 'coturn' | 'embedded' | 'other';
  readonly observations: readonly Observation[];
  /** Of listeners that were guessed from a bare host name and are not there: shown, and no fault of anybody. */
  readonly notOffered?: readonly Observation[];
}

/** What a client was given: the credential the probes used, as far as its form goes. */
export interface CredentialFact {
  readonly origin: 'configuration' | 'secret-file' | 'user' | 'endpoint';
  readonly username: string;
  /** From `expiry:name`, in seconds since 1970; null for a static user. */
  readonly expiresAt: number | null;
  readonly passwordForm: 'base64-sha1' | 'hex-sha1' | 'unpadded-base64-sha1' | 'other';
  /** How many secrets it was compared with, and which of them made the password (from 1); absent when there was none. */
  readonly secrets?: { readonly compared: number; readonly madeBy: number | null };
}

/** What calls came to in a browser, with the client that was described. */
export interface ClientFact {
  readonly scenario: Scenario;
  /** As the client was given them. */
  readonly uris: readonly string[];
  readonly calls: readonly CallRecord[];
}

/** The release to upgrade to, when it was asked what that would change (`--upgrade-to`). */
export interface UpgradeFact {
  readonly to: string;
}

/** What the service's listeners are, as turnctl worked them out for probing; also what clients are told. */
export interface FactValues {
  readonly version: VersionFact;
  readonly upgrade: UpgradeFact;
  readonly config: ConfigFact;
  readonly configFile: ConfigFileFact;
  readonly service: ServiceFact;
  readonly processes: readonly ProcessFact[];
  readonly sockets: readonly SocketFact[];
  readonly addresses: readonly InterfaceAddress[];
  readonly accounts: AccountsFact;
  readonly tlsFiles: TlsFilesFact;
  readonly firewall: FirewallFact;
  readonly log: LogFact;
  readonly logLines: LogLinesFact;
  readonly kernel: KernelFact;
  readonly containers: readonly ContainerFact[];
  readonly wire: WireFact;
  readonly credential: CredentialFact;
  readonly endpoint: EndpointFact;
  readonly client: ClientFact;
}

export type FactName = keyof FactValues;

/** Plain JSON, and holds no secret. */
export type Facts = { readonly observedAt: string } & { readonly [K in FactName]: Fact<FactValues[K]> };
