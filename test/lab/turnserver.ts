import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabNode } from './network.ts';

/** A turnserver in the network of a machine that has no system of its own. */
export interface BareTurnserver {
  log(): string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;

/** Starts turnserver and returns when it listens on each `listening-ip`. @throws {Error} with its log when it does not. */
export async function startTurnserver(
  { namespace }: LabNode,
  lines: readonly string[],
  program = '/usr/bin/turnserver',
): Promise<BareTurnserver> {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-bare-'));
  const path = join(folder, 'turnserver.conf');
  const secure = lines.some(line => line.startsWith('cert='));
  const own = ['log-file=stdout', 'verbose', ...(secure ? [] : ['no-tls']), 'no-dtls'];
  const files = [`userdb=${join(folder, 'db')}`, `pidfile=${join(folder, 'pid')}`];
  const cli = program === '/usr/bin/turnserver' ? ['no-cli'] : [];
  writeFileSync(path, `${[...lines, ...own, ...cli, ...files].join('\n')}\n`);
  // Debian's OPENSSL_CONF breaks the newer build, which brings its own OpenSSL.
  const env = { ...process.env, OPENSSL_CONF: '/dev/null' };
  const child = spawn('ip', ['netns', 'exec', namespace, program, '-c', path], { cwd: folder, env });
  let text = '';
  const output = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      text += chunk;
      output.emit('more');
    });
  }
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const ips = lines.filter(line => line.startsWith('listening-ip=')).map(line => line.slice(13));
  const listens = () =>
    ips.every(
      ip => text.includes(`UDP listener opened on: ${ip}`) || text.includes(`UDP listener opened on : ${ip}`),
    );
  const late = AbortSignal.timeout(START_TIMEOUT_MS);
  try {
    while (!listens()) await once(output, 'more', { signal: late });
  } catch (error) {
    await stop();
    throw new Error(`turnserver is not ready: ${error}\n${text}`);
  }
  return { log: () => text, stop };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
