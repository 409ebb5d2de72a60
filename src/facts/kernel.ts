import { attempt } from '../host/attempt.ts';
import { type Host, HostError } from '../host/host.ts';
import type { Fact } from '../model/fact.ts';
import type { KernelFact } from '../model/facts.ts';

const UNPRIVILEGED_PORT_START = '/proc/sys/net/ipv4/ip_unprivileged_port_start';

/** Kernel settings that decide what coturn may do. */
export function gatherKernel(host: Host): Promise<Fact<KernelFact>> {
  return attempt(async () => ({ unprivilegedPortStart: await readPortStart(host) }));
}

async function readPortStart(host: Host): Promise<number> {
  try {
    return Number(Buffer.from(await host.readFile(UNPRIVILEGED_PORT_START)).toString());
  } catch (error) {
    // Kernels before 4.11 have no such setting, and this limit.
    if (error instanceof HostError && error.code === 'not-found') return 1024;
    throw error;
  }
}
