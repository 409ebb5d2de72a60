import { attempt } from '../host/attempt.ts';
import type { CommandResult, Host } from '../host/host.ts';
import { readJournal } from '../host/journald.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { Facts, ServiceFact } from '../model/facts.ts';
import { controlOf } from '../model/service-control.ts';

/** Collects one text of the host for the bundle. */
export interface Collector {
  readonly path: string;
  readonly what: string;
  readonly how: string;
  /** The text as it is, secrets and all; unknown with the reason. */
  collect(host: Host): Promise<Fact<string>>;
}

export interface CollectorInput {
  readonly facts: Facts;
  /** `--backend-unit`. */
  readonly backendUnit?: string | undefined;
}

const LINES = 1000;
const LOG_BYTES = 256 * 1024;
const MOST_OUTPUT_BYTES = 1 << 20;

/** What is read of any host, whatever its facts are: it can be collected beside them. */
export function hostCollectors(): readonly Collector[] {
  return [
    program('host/addresses.txt', 'addresses of the interfaces', ['ip', '-brief', 'address']),
    program('host/routes.txt', 'routes of IPv4 and IPv6', ['ip', 'route', 'show', 'table', 'main']),
    program('host/sysctls.txt', 'kernel settings that a relay depends on', ['sysctl', '-e', ...SYSCTLS]),
    program('host/kernel.txt', 'kernel and machine', ['uname', '-srm']),
    file('host/os-release.txt', 'the distribution', '/etc/os-release'),
    packages('host/packages.txt', 'versions of the packages that coturn and its firewall come from'),
    program('host/clock.txt', 'time zone, and whether the clock is set by NTP', [
      'timedatectl',
      'show',
      ...CLOCK,
    ]),
    file('host/resolver.txt', 'the name servers', '/etc/resolv.conf'),
    file('host/hosts.txt', 'names and addresses of its own', '/etc/hosts'),
    program('firewall/nftables.txt', 'rules of nftables', ['nft', 'list', 'ruleset']),
    program('firewall/iptables.txt', 'rules of iptables', ['iptables-save']),
    program('firewall/ip6tables.txt', 'rules of ip6tables', ['ip6tables-save']),
    program('firewall/ufw.txt', 'rules of ufw', ['ufw', 'status', 'verbose']),
    program('firewall/firewalld.txt', "firewalld's zones", ['firewall-cmd', '--list-all-zones']),
  ];
}

/** What is read of the services of this host; only what applies to it. */
export function serviceCollectors({ facts, backendUnit }: CollectorInput): readonly Collector[] {
  const service = facts.service.known ? facts.service.value : undefined;
  const unit = service?.manager === 'systemd' ? service.name : undefined;
  return [
    // Not while the probes run, whose own sockets would be in it.
    program('host/sockets.txt', 'listening sockets and their programs', ['ss', '-H', '-lntup']),
    ...(unit === undefined ? [] : [unitFile('service/unit.txt', 'unit and drop-ins of coturn', unit)]),
    ...(service === undefined ? [] : [serviceJournal(service)]),
    logTail(facts),
    ...(backendUnit === undefined
      ? []
      : [
          unitFile('backend/unit.txt', "unit and drop-ins of the application's service", backendUnit),
          journal('backend/journal.txt', "journal of the application's service", backendUnit),
        ]),
  ];
}

const CLOCK = ['Timezone', 'NTP', 'NTPSynchronized'].map(name => `--property=${name}`);

/** By the names of Debian, Ubuntu, and Fedora. */
const PACKAGES =
  'coturn openssl openssl-libs libssl1.1 libssl3 libssl3t64 libevent libevent-2.1-7 libevent-2.1-7t64 libc6 glibc ' +
  'systemd nftables iptables ufw firewalld docker.io docker-ce podman nodejs';

const SYSCTLS = [
  'fs.file-max',
  'fs.nr_open',
  'net.core.netdev_max_backlog',
  'net.core.rmem_default',
  'net.core.rmem_max',
  'net.core.somaxconn',
  'net.core.wmem_default',
  'net.core.wmem_max',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.conf.default.rp_filter',
  'net.ipv4.ip_forward',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_max_syn_backlog',
  'net.ipv4.udp_mem',
  'net.ipv6.bindv6only',
  'net.ipv6.conf.all.disable_ipv6',
  'net.ipv6.conf.all.forwarding',
  'net.netfilter.nf_conntrack_count',
  'net.netfilter.nf_conntrack_max',
  'net.netfilter.nf_conntrack_udp_timeout',
  'net.netfilter.nf_conntrack_udp_timeout_stream',
];

/** Of the one package manager that is there, without what is not installed. */
function packages(path: string, what: string): Collector {
  const queries = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders
    ['dpkg-query', '--show', '--showformat=${Package} ${Version}\n'],
    ['rpm', '--query', '--queryformat=%{NAME} %{VERSION}-%{RELEASE}\n'],
  ];
  return {
    ...{ path, what, how: 'dpkg-query, rpm' },
    async collect(host) {
      const reasons: string[] = [];
      for (const query of queries) {
        const asked = await program(path, what, [...query, ...PACKAGES.split(' ')]).collect(host);
        if (asked.known) return known(asked.value.replace(/^package .* is not installed\n|^\S+ \n/gm, ''));
        reasons.push(asked.reason);
      }
      return unknown(reasons.join('; '));
    },
  };
}

const program = (path: string, what: string, argv: readonly string[]): Collector => ({
  path,
  what,
  how: argv.slice(0, 6).join(' '),
  async collect(host) {
    const result = await attempt(() => host.run(argv, { maxOutputBytes: MOST_OUTPUT_BYTES }));
    return result.known ? printed(argv[0] as string, result.value) : result;
  },
});

function printed(name: string, { exitCode, stdout, stderr, truncated }: CommandResult): Fact<string> {
  // sysctl prints what it can, and fails over the rest.
  if (exitCode !== 0 && stdout.trim() === '') {
    return unknown(`${name} ended with ${exitCode}: ${stderr.trim().split('\n')[0] ?? ''}`);
  }
  // Half a line may be half a secret, which nobody recognises.
  return known(truncated ? `${stdout.slice(0, stdout.lastIndexOf('\n') + 1)}(cut off here)\n` : stdout);
}

const file = (path: string, what: string, from: string): Collector => ({
  path,
  what,
  how: from,
  collect: host =>
    attempt(async () => Buffer.from(await host.readFile(from, { maxBytes: MOST_OUTPUT_BYTES })).toString()),
});

const unitFile = (path: string, what: string, unit: string): Collector =>
  program(path, what, ['systemctl', '--no-pager', 'cat', unit]);

const journal = (path: string, what: string, unit: string): Collector => ({
  path,
  what,
  how: `journalctl --unit=${unit} --lines=${LINES}`,
  async collect(host) {
    const lines = await readJournal(host, unit, LINES);
    return lines.known ? known(`${lines.value.join('\n')}\n`) : lines;
  },
});

function serviceJournal(service: ServiceFact): Collector {
  const [path, what] = ['service/journal.txt', 'journal of coturn, or what its container printed'];
  if (service.manager === 'systemd') return journal(path, what, service.name);
  const argv = controlOf(service)?.journal(service, LINES);
  if (!argv) {
    const reason = 'its service manager keeps none';
    return { path, what, how: service.manager, collect: async () => unknown(reason) };
  }
  return {
    ...program(path, what, argv),
    async collect(host) {
      const result = await attempt(() => host.run(argv, { maxOutputBytes: MOST_OUTPUT_BYTES }));
      // A container's log has what coturn wrote to both of its outputs.
      if (!result.known) return result;
      return printed(argv[0] as string, {
        ...result.value,
        stdout: result.value.stdout + result.value.stderr,
      });
    },
  };
}

function logTail({ log }: Facts): Collector {
  const [path, what] = ['service/log.txt', `the last ${LOG_BYTES >> 10} KiB of coturn's own log`];
  const actual = log.known ? log.value.actual : null;
  if (actual !== null) {
    const tail = program(path, what, ['tail', `--bytes=${LOG_BYTES}`, '--', actual]);
    return { ...tail, collect: async host => withoutHalfLine(await tail.collect(host)) };
  }
  const reason = log.known ? `it goes to no file (${log.value.destination})` : log.reason;
  return { path, what, how: 'tail', collect: async () => unknown(reason) };
}

/** The first line of a log that is longer than its extract begins anywhere, in the middle of a secret too. */
const withoutHalfLine = (text: Fact<string>): Fact<string> =>
  text.known && Buffer.byteLength(text.value) >= LOG_BYTES
    ? known(`(cut off here)\n${text.value.replace(/^[^\n]*\n?/, '')}`)
    : text;
