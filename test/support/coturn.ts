import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real turnserver on loopback. */
export interface Coturn {
  readonly ip: string;
  readonly port: number;
  readonly tlsPort: number;
  /** `turnserver.conf` as written. */
  readonly configPath: string;
  /** The self-signed certificate it serves. */
  readonly certificatePath: string;
  readonly pid: number;
  /** Everything it has said so far. */
  log(): string;
  /** Waits until the log has it. */
  logged(pattern: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export interface CoturnOptions {
  /** Lines of turnserver.conf, added to those that keep it on loopback and out of /var. */
  readonly lines?: readonly string[];
  /** `newer` is the binary named by TURNCTL_COTURN_NEWER. */
  readonly version?: 'installed' | 'newer';
  /** Where it listens; default 127.0.0.1. A line with `listening-ip` replaces it. */
  readonly ip?: string;
  /** Without `allow-loopback-peers`, as a server is by default. */
  readonly loopbackPeersDenied?: true;
  /** A port that is known to be taken by another instance, to run two on it. */
  readonly port?: number;
}

/** Path of the other coturn, or undefined when the tests for it cannot run. */
export const newerCoturn = process.env.TURNCTL_COTURN_NEWER;

const INSTALLED = '/usr/bin/turnserver';
const START_TIMEOUT_MS = 10_000;

// Below the ephemeral range: turnserver shares a taken UDP port (SO_REUSEPORT) instead of failing.
const FIRST_PORT = 20_000;
const PORTS = 9_000;

async function isFree(port: number): Promise<boolean> {
  const tcp = createServer();
  const udp = createSocket('udp4');
  try {
    tcp.listen(port, '0.0.0.0');
    await once(tcp, 'listening');
    udp.bind(port, '0.0.0.0');
    await once(udp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    tcp.close();
    udp.close();
  }
}

/** Where nobody listens. A port that was free a moment ago may be somebody's by now; this one is given to nobody. */
export const closedAddress = { ip: '127.0.0.1', port: 1 } as const;

/** `count` neighbouring ports that nobody holds, for both protocols. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = FIRST_PORT + Math.floor((Math.random() * PORTS) / 10) * 10;
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(first + i)));
    if (free.every(Boolean)) return first;
  }
}

/** A self-signed certificate for `names` (as `DNS:turn.test`), made by openssl; returns the two paths. */
export function selfSigned(folder: string, names = ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1']) {
  const certificatePath = join(folder, 'cert.pem');
  const keyPath = join(folder, 'key.pem');
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-days', '2', '-subj', '/CN=localhost', '-addext', `subjectAltName=${names.join(',')}`];
  execFileSync('openssl', [...request, ...subject, '-keyout', keyPath, '-out', certificatePath], {
    stdio: 'ignore',
  });
  return { certificatePath, keyPath };
}

// An Allocate and a Binding request without attributes: whatever is switched off, one of them is answered.
const GREETINGS = [0x0003, 0x0001].map(type => {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt32BE(0x2112a442, 4);
  bytes.writeUInt32BE(type, 16);
  return bytes;
});

async function answersUdp(ip: string, port: number, ended: AbortSignal): Promise<void> {
  const socket = createSocket(ip.includes(':') ? 'udp6' : 'udp4');
  const answered = once(socket, 'message', { signal: ended });
  const greet = () => {
    for (const bytes of GREETINGS) socket.send(bytes, port, ip, () => {});
  };
  const timer = setInterval(greet, 15);
  try {
    greet();
    await answered;
  } finally {
    clearInterval(timer);
    socket.close();
  }
}

async function acceptsTcp(ip: string, port: number, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const socket = connect(port, ip);
    const open = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      once(ended, 'abort').then(() => false),
    ]);
    socket.destroy();
    if (open) return;
    await new Promise(resolve => setTimeout(resolve, 15));
  }
}

function programOf(version: CoturnOptions['version']): string {
  const path = version === 'newer' ? newerCoturn : INSTALLED;
  if (!path || !existsSync(path)) throw new Error(`no turnserver at ${path ?? '$TURNCTL_COTURN_NEWER'}`);
  return path;
}

function configLines(folder: string, ip: string, port: number, options: CoturnOptions): string[] {
  const given = options.lines ?? [];
  const has = (name: string) => given.some(line => line.split('=')[0] === name);
  const { certificatePath, keyPath } = selfSigned(folder);
  const relayFrom = 40_000 + Math.floor(Math.random() * 100) * 200;
  const defaults = [
    ['listening-ip', ip],
    ['listening-port', port],
    ['tls-listening-port', port + 2],
    ['cert', certificatePath],
    ['pkey', keyPath],
    // A short range: filling the pool of 16000 ports takes 0.2 s for each address.
    ['min-port', relayFrom],
    ['max-port', relayFrom + 199],
    ['pidfile', join(folder, 'pid')],
    ['userdb', join(folder, 'turndb')],
    ['log-file', 'stdout'],
  ] as const;
  const wanted = defaults.filter(([name]) => !has(name)).map(([name, value]) => `${name}=${value}`);
  // The CLI of 4.6.1 is on by default and listens on one port for everybody; newer ones only complain about the line.
  const cli = options.version === 'newer' ? [] : ['no-cli'];
  const peers = options.loopbackPeersDenied ? [] : ['allow-loopback-peers'];
  return [...wanted, ...cli, ...peers, 'verbose', ...given];
}

async function ready(
  child: ChildProcess,
  ip: string,
  port: number,
  lines: readonly string[],
  log: () => string,
) {
  const ended = new AbortController();
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`turnserver ended with ${code}:\n${log()}`);
  });
  const timer = setTimeout(() => ended.abort(), START_TIMEOUT_MS);
  const waits = [lines.includes('no-udp') ? undefined : answersUdp(ip, port, ended.signal)];
  if (!lines.includes('no-tcp')) waits.push(acceptsTcp(ip, port, ended.signal));
  exited.catch(() => ended.abort());
  try {
    await Promise.race([Promise.all(waits), exited]);
  } catch (error) {
    if (child.exitCode !== null) await exited;
    throw new Error(`turnserver is not ready: ${error}\n${log()}`);
  } finally {
    clearTimeout(timer);
  }
  if (ended.signal.aborted) throw new Error(`turnserver is not ready\n${log()}`);
}

/** Starts turnserver in a folder of its own and returns when it answers. @throws when it exits or stays silent for 10 s. */
export async function startCoturn(options: CoturnOptions = {}): Promise<Coturn> {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-coturn-'));
  const listening = options.lines?.find(line => line.startsWith('listening-ip='))?.slice(13);
  const ip = options.ip ?? listening ?? '127.0.0.1';
  const port = options.port ?? (await freePorts(4));
  const configPath = join(folder, 'turnserver.conf');
  writeFileSync(configPath, `${configLines(folder, ip, port, options).join('\n')}\n`);
  // Debian's OPENSSL_CONF breaks the newer build, which brings its own OpenSSL.
  const env = options.version === 'newer' ? { ...process.env, OPENSSL_CONF: '/dev/null' } : process.env;
  const child = spawn(programOf(options.version), ['-c', configPath], { cwd: folder, env, stdio: 'pipe' });
  let text = '';
  const output = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      text += chunk;
      output.emit('more');
    });
  }
  const logged = async (pattern: RegExp) => {
    while (!pattern.test(text)) await once(output, 'more');
  };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      // TERM takes seconds in newer versions.
      child.kill('SIGKILL');
      await exit;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child, ip, port, options.lines ?? [], () => text);
    // On a shared port the other instance may have answered.
    if (options.port) await logged(/UDP listener opened/);
  } catch (error) {
    await stop();
    throw error;
  }
  const certificatePath = join(folder, 'cert.pem');
  const log = () => text;
  return { ip, port, tlsPort: port + 2, configPath, certificatePath, pid: child.pid!, log, logged, stop };
}
