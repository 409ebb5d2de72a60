import { orNull } from '../host/attempt.ts';
import type { Host } from '../host/host.ts';
import { sleep } from './in-journal.ts';
import type { Io } from './io.ts';

/** How long an acknowledgement may take, over a slow line. */
const ACKNOWLEDGED_MS = 3000;
const ASK_AGAIN_MS = 200;

/**
 * Whether the operator still gets in after a change that may have cut them off: they say so at the terminal, or their
 * connection has taken bytes since. False where nobody can tell; the host's own timer decides then.
 */
export async function confirmAccess(
  { id, seconds }: { readonly id: string; readonly seconds: number },
  io: Io,
): Promise<boolean> {
  const sinceMs = io.clock.monotonic();
  // Over a terminal this line itself is what the connection has to carry.
  io.stderr(`turnctl: changed; undone in ${seconds} s unless confirmed (turnctl fix --confirm ${id})\n`);
  if (io.remote !== null) return (await orNull(() => io.host.run(['true'])))?.exitCode === 0;
  if (await sshStillPasses(io, sinceMs)) return true;
  if (io.dialogue === null) return false;
  const answer = await io.dialogue(ask => ask('Do you still get in, over a new connection too? [y/N] '));
  return /^y(es)?$/i.test(answer);
}

/** Asks the kernel when the client's side of the SSH connection last acknowledged anything. */
async function sshStillPasses(io: Io, sinceMs: number): Promise<boolean> {
  const { env, host, clock } = io;
  const [clientIp, clientPort, , serverPort] = (env.SSH_CONNECTION ?? '').split(' ');
  if (clientIp === undefined || clientPort === undefined || serverPort === undefined) return false;
  while (!io.signal.aborted && clock.monotonic() - sinceMs < ACKNOWLEDGED_MS) {
    const age = await lastAckMs(host, { clientIp, clientPort, serverPort });
    if (age !== null && clock.monotonic() - age > sinceMs) return true;
    await sleep(ASK_AGAIN_MS, io);
  }
  return false;
}

interface Connection {
  readonly clientIp: string;
  readonly clientPort: string;
  readonly serverPort: string;
}

async function lastAckMs(
  host: Host,
  { clientIp, clientPort, serverPort }: Connection,
): Promise<number | null> {
  const filter = `dst ${clientIp} and sport = :${serverPort} and dport = :${clientPort}`;
  const result = await orNull(() => host.run(['ss', '-Htin', 'state', 'established', filter]));
  return result === null ? null : parseLastAck(result.stdout);
}

/** Milliseconds since the last acknowledgement, of `ss -ti`; null while something sent was not acknowledged. */
export function parseLastAck(text: string): number | null {
  const lastAck = /\blastack:(\d+)/.exec(text)?.[1];
  if (lastAck === undefined || /\bunacked:[1-9]/.test(text)) return null;
  return Number(lastAck);
}
