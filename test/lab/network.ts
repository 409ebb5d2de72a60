import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** One machine of the lab: a network namespace with one cable. */
export interface LabNode {
  /** Its network namespace; run anything there with `inNode`. */
  readonly namespace: string;
}

/** Where a cable of the lab can be plugged in: the bridge of the Internet, or the inside of a router. */
export interface Segment {
  /** Adds a machine with these addresses (`203.0.113.10/24`, `2001:db8::10/64`), and a default route where there is one. */
  node(name: string, addresses: readonly string[]): LabNode;
}

export interface Network extends Segment {
  /**
   * Adds a router with an address on the bridge and one inside.
   * `symmetric`: address- and port-dependent mapping, nothing comes in unasked (RFC 4787), as in a strict home network.
   * `port-preserving`: one inside port is one outside port for every destination, which is endpoint-independent mapping;
   * what is let in depends on `filtering`. Where that depends on nothing, its own hairpin works too.
   * `one-to-one`: everything that reaches `outside` goes to the one machine `forwardTo`, as an elastic address of a cloud.
   */
  router(name: string, options: RouterOptions): Segment & LabNode;
  /** Ends what still runs in the namespaces and removes them. */
  close(): void;
}

export type RouterOptions =
  | { readonly nat: 'symmetric'; readonly outside: string; readonly inside: string }
  | {
      readonly nat: 'one-to-one';
      readonly outside: string;
      readonly inside: string;
      readonly forwardTo: string;
    }
  | {
      readonly nat: 'port-preserving';
      readonly filtering: 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';
      readonly outside: string;
      readonly inside: string;
      /** The one machine behind it. */
      readonly forwardTo: string;
    };

const PREFIX = 'turnctl-lab';

/** Runs `ip`, and says what it said when it failed. */
const ip = (...argv: readonly string[]): string => run('ip', argv);

/**
 * A small Internet in network namespaces: a bridge, machines on it, and routers with machines behind them.
 * Needs root. Nothing of it is visible in the namespace of the caller, and it goes when the process ends.
 * @throws {Error} with the tool's own words when the kernel refuses.
 */
export function createNetwork(): Network {
  removeLeftovers();
  const prefix = `${PREFIX}-${process.pid}-${counter++}`;
  const namespaces: string[] = [];

  function addNamespace(name: string): string {
    const namespace = `${prefix}-${name}`;
    ip('netns', 'add', namespace);
    namespaces.push(namespace);
    // Duplicate address detection would keep an IPv6 address from being bound for a second or two.
    inNode({ namespace }, ['sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0']);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    return namespace;
  }

  function plug(namespace: string, device: string, addresses: readonly string[], into: string, port: string) {
    ip('link', 'add', device, 'netns', namespace, 'type', 'veth', 'peer', 'name', port, 'netns', into);
    ip('-n', into, 'link', 'set', port, 'up');
    for (const address of addresses) ip('-n', namespace, 'addr', 'add', address, 'dev', device);
    ip('-n', namespace, 'link', 'set', device, 'up');
  }

  const bridge = addNamespace('inet');
  ip('-n', bridge, 'link', 'add', 'br0', 'type', 'bridge');
  ip('-n', bridge, 'link', 'set', 'br0', 'up');

  function onBridge(name: string, addresses: readonly string[]): LabNode {
    const namespace = addNamespace(name);
    const port = `p${namespaces.length}`;
    plug(namespace, 'eth0', addresses, bridge, port);
    ip('-n', bridge, 'link', 'set', port, 'master', 'br0');
    return { namespace };
  }

  function router(name: string, options: RouterOptions): Segment & LabNode {
    const outer = onBridge(name, [options.outside]);
    inNode(outer, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    for (const rule of natRules(options)) inNode(outer, ['iptables', ...rule]);
    let machines = 0;
    return {
      ...outer,
      node(machine, addresses) {
        if (machines++ > 0) throw new Error(`router ${name} has one socket, and it is taken`);
        const namespace = addNamespace(machine);
        plug(namespace, 'eth0', addresses, outer.namespace, 'lan0');
        ip('-n', outer.namespace, 'addr', 'add', options.inside, 'dev', 'lan0');
        ip('-n', namespace, 'route', 'add', 'default', 'via', withoutPrefix(options.inside));
        return { namespace };
      },
    };
  }

  function close(): void {
    open.delete(close);
    for (const namespace of namespaces.splice(0)) removeNamespace(namespace);
  }
  open.add(close);
  closeAtExit();
  return { node: onBridge, router, close };
}

/** Runs a program in a machine's network, waits for it, and returns what it wrote. @throws {Error} when it fails. */
export function inNode({ namespace }: LabNode, argv: readonly string[]): string {
  return run('ip', ['netns', 'exec', namespace, ...argv]);
}

function natRules(options: RouterOptions): string[][] {
  const outside = withoutPrefix(options.outside);
  if (options.nat === 'symmetric') {
    return [
      ['-t', 'nat', '-A', 'POSTROUTING', '-o', 'eth0', '-j', 'MASQUERADE', '--random'],
      ['-A', 'FORWARD', '-i', 'eth0', '-m', 'conntrack', '--ctstate', 'NEW', '-j', 'DROP'],
    ];
  }
  if (options.nat === 'port-preserving') return portPreserving(options, outside);
  return [
    ['-t', 'nat', '-A', 'PREROUTING', '-i', 'eth0', '-d', outside, '-j', 'DNAT', '--to', options.forwardTo],
    ['-t', 'nat', '-A', 'POSTROUTING', '-o', 'eth0', '-j', 'SNAT', '--to', outside],
  ];
}

function portPreserving(
  { filtering, forwardTo }: Extract<RouterOptions, { nat: 'port-preserving' }>,
  outside: string,
): string[][] {
  const letIn = ['-t', 'nat', '-A', 'PREROUTING', '-p', 'udp', '-d', outside];
  const toInside = ['-j', 'DNAT', '--to', forwardTo];
  const rules: { [F in typeof filtering]: string[][] } = {
    'endpoint-independent': [
      [...letIn, ...toInside],
      ['-t', 'nat', '-A', 'POSTROUTING', '-o', 'lan0', '-s', forwardTo, '-j', 'SNAT', '--to', outside],
    ],
    // The addresses that the inside has sent to, as the kernel remembers them.
    'address-dependent': [
      ['-A', 'FORWARD', '-i', 'lan0', '-m', 'recent', '--name', 'peers', '--rdest', '--set'],
      [...letIn, '-i', 'eth0', '-m', 'recent', '--name', 'peers', '--rsource', '--rcheck', ...toInside],
    ],
    'address-and-port-dependent': [],
  };
  return [['-t', 'nat', '-A', 'POSTROUTING', '-o', 'eth0', '-j', 'MASQUERADE'], ...rules[filtering]];
}

const withoutPrefix = (address: string): string => address.replace(/\/.*/, '');

function run(program: string, argv: readonly string[]): string {
  return execFileSync(program, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function removeNamespace(namespace: string): void {
  // A process that is left keeps the namespace alive after its name is gone.
  for (const pid of run('ip', ['netns', 'pids', namespace]).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  ip('netns', 'del', namespace);
}

/** Namespaces of runs that were killed before they could clean up. What still has a process is somebody's. */
function removeLeftovers(): void {
  for (const name of existsSync('/run/netns') ? readdirSync('/run/netns') : []) {
    if (isLeftover(name) && ip('netns', 'pids', name) === '') ip('netns', 'del', name);
  }
}

/** Whether something with a namespace's name in its own was made by a run that is over. */
export function isLeftover(name: string): boolean {
  const owner = name.match(new RegExp(`${PREFIX}-(\\d+)-`))?.[1];
  return owner !== undefined && !isAlive(Number(owner));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

let counter = 0;
const open = new Set<() => void>();
let exitHandled = false;

function closeAtExit(): void {
  if (exitHandled) return;
  exitHandled = true;
  const closeAll = () => {
    for (const close of open) close();
  };
  process.once('exit', closeAll);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      closeAll();
      // Ours is gone by now, so the signal does what it would have done without us.
      process.kill(process.pid, signal);
    });
  }
}
