import { askMappedAddress } from '../facts/mapped-address.ts';
import type { Site } from '../facts/site.ts';
import { HostError } from '../host/host.ts';
import { addressToMap, isPrivate, listeningAddresses } from '../init/addresses.ts';
import type { Deployment } from '../init/deployment.ts';
import { chooseCertificate, chooseRealm, isRealm } from '../init/names.ts';
import type { VersionFact } from '../model/facts.ts';
import { parseServerUri } from '../turn/uri.ts';
import { parseIp } from '../util/ip.ts';
import type { InitOptions } from './init-options.ts';
import type { Ask, Io } from './io.ts';
import { UsageError } from './usage-error.ts';

const STUN_TIMEOUT_MS = 5_000;

/** With somebody to ask, or null. */
type Asking = Io & { readonly ask: Ask | null };

/** What the file will say: flags first, then what was found, then what a person answers. @throws {UsageError} {HostError} */
export async function decideDeployment(
  options: InitOptions,
  { version }: VersionFact,
  site: Site,
  io: Asking,
): Promise<Deployment> {
  const listeningIps =
    options.listeningIp.length > 0
      ? options.listeningIp
      : listeningAddresses(site.addresses, site.defaultInterfaces);
  const privateIp = addressToMap(listeningIps);
  const publicIp = privateIp === null ? null : await findPublicIp(options, privateIp, io);
  const certificate = chooseCertificate(site.certificates.usable, options.realm);
  const realm =
    options.realm ??
    chooseRealm(certificate, io.host.name) ??
    (await asked(io.ask, 'Name of this server, as clients will call it (turn.example.org): ', isRealm)) ??
    (isRealm(io.host.name) ? io.host.name : 'turn');
  return {
    version,
    realm,
    listeningIps,
    mapping: privateIp === null ? null : { privateIp, publicIp },
    // What the operator names is written, whatever turnctl thinks of it.
    tls: options.tls ?? certificate,
  };
}

async function findPublicIp(
  { externalIp, stun }: InitOptions,
  privateIp: string,
  io: Asking,
): Promise<string | null> {
  if (externalIp !== undefined) return externalIp;
  if (stun !== undefined) return mappedBy(stun, io);
  const question = `Public IPv4 address that is mapped to ${privateIp} (Enter: to be filled in later): `;
  return (await asked(io.ask, question, text => parseIp(text)?.family === 'ipv4')) ?? null;
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

/** The first answer that is valid; undefined for an empty one, and where there is nobody to ask. */
async function asked(
  ask: Ask | null,
  question: string,
  isValid: (answer: string) => boolean,
): Promise<string | undefined> {
  if (ask === null) return undefined;
  for (;;) {
    const answer = await ask(question);
    if (answer === '') return undefined;
    if (isValid(answer)) return answer;
  }
}
