import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { codeOf } from './failure.ts';
import type { Clock, DnsRecord, Records, Resolution } from './net.ts';

type Answer = { ips: string[] } | { error: string };

async function ask(host: string, family: 4 | 6): Promise<Answer> {
  try {
    const found = await lookup(host, { all: true, family });
    return { ips: found.map(entry => entry.address) };
  } catch (error) {
    return { error: codeOf(error) ?? (error as Error).message };
  }
}

/** Merges the answers for A and AAAA: a name is unresolved only when neither has an address. */
export function mergeAnswers(ipv4: Answer, ipv6: Answer): { ips: string[] } | { error: string } {
  const ips = [...('ips' in ipv4 ? ipv4.ips : []), ...('ips' in ipv6 ? ipv6.ips : [])];
  if (ips.length > 0) return { ips: [...new Set(ips)] };
  const error = 'error' in ipv4 ? ipv4.error : 'ENOTFOUND';
  return { error: error === 'ENOTFOUND' ? 'ENOTFOUND: the name does not exist or has no address' : error };
}

/** Resolves through the system's resolver; the lookup itself cannot be cancelled, only no longer waited for. */
export async function resolve(
  host: string,
  clock: Clock,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Resolution> {
  const start = clock.monotonic();
  if (isIP(host)) return { ips: [host], ms: 0 };
  let giveUp = () => {};
  const tooLate = new Promise<{ error: string }>(done => {
    const cancel = clock.schedule(timeoutMs, () =>
      done({ error: `no answer in ${Math.round(timeoutMs)} ms` }),
    );
    const onAbort = () => done({ error: 'interrupted' });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    giveUp = () => {
      cancel();
      signal.removeEventListener('abort', onAbort);
    };
  });
  const both = Promise.all([ask(host, 4), ask(host, 6)]).then(([ipv4, ipv6]) => mergeAnswers(ipv4, ipv6));
  const answer = await Promise.race([both, tooLate]);
  giveUp();
  return { ...answer, ms: clock.monotonic() - start };
}

/** What a resolver says where a name has no such record, or does not exist at all. */
const NO_RECORDS: ReadonlySet<string | undefined> = new Set(['ENODATA', 'ENOTFOUND']);

/** SRV or NAPTR records, from the resolvers of this host or those given. */
export async function records(
  type: DnsRecord['type'],
  name: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  servers?: readonly string[],
): Promise<Records> {
  const resolver = new Resolver({ timeout: Math.max(1, Math.round(timeoutMs / 3)), tries: 2 });
  if (servers) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return { records: type === 'SRV' ? await srvOf(resolver, name) : await naptrOf(resolver, name) };
  } catch (error) {
    const code = codeOf(error);
    return NO_RECORDS.has(code) ? { records: [] } : { error: code ?? (error as Error).message };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function srvOf(resolver: Resolver, domain: string): Promise<readonly DnsRecord[]> {
  const found = await resolver.resolveSrv(domain);
  return found.map(({ name: host, port, priority, weight }) => ({
    type: 'SRV',
    host,
    port,
    priority,
    weight,
  }));
}

async function naptrOf(resolver: Resolver, domain: string): Promise<readonly DnsRecord[]> {
  const found = await resolver.resolveNaptr(domain);
  return found.map(({ service, flags, replacement, order, preference }) => ({
    type: 'NAPTR',
    service,
    flags: flags.toLowerCase(),
    replacement,
    order,
    preference,
  }));
}
