import { askMappedAddress } from '../facts/mapped-address.ts';
import { HostError } from '../host/host.ts';
import { isPrivate } from '../init/addresses.ts';
import { parseServerUri } from '../turn/uri.ts';
import { parseIp } from '../util/ip.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

const STUN_TIMEOUT_MS = 5_000;

/** Where the public address of this host is known from. */
export interface PublicIpOptions {
  readonly externalIp?: string;
  readonly stun?: string;
}

/** The public address that is named, or that a server named sees; null where neither is. @throws {UsageError} {HostError} */
export async function findPublicIp({ externalIp, stun }: PublicIpOptions, io: Io): Promise<string | null> {
  if (externalIp !== undefined) return externalIp;
  return stun === undefined ? null : mappedBy(stun, io);
}

/** @throws {HostError} when the server named by the operator does not tell */
async function mappedBy(target: string, io: Io): Promise<string> {
  const parsed = parseServerUri(target);
  if ('problem' in parsed) throw new UsageError(`--stun ${target}: ${parsed.problem}`);
  const ip = await askMappedAddress(
    { ...io, timeoutMs: STUN_TIMEOUT_MS, onProgress: text => io.progress.update(text) },
    parsed.uris.slice(0, 1),
  );
  io.progress.stop();
  const mapped = ip === null ? null : parseIp(ip);
  if (ip === null || mapped === null) {
    throw new HostError('timed-out', `${target} does not say which address it sees`, {
      hint: 'Give another server, or the address itself with --external-ip.',
    });
  }
  if (!isPrivate(mapped)) return ip;
  throw new HostError('io', `${target} sees ${ip}, which is private as well`, {
    hint: 'Ask a server on the Internet, or give the address with --external-ip.',
  });
}
