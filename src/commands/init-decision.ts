import type { Site } from '../facts/site.ts';
import { addressToMap, listeningAddresses } from '../init/addresses.ts';
import type { Deployment } from '../init/deployment.ts';
import { chooseCertificate, chooseRealm, isRealm } from '../init/names.ts';
import type { VersionFact } from '../model/facts.ts';
import { parseIp } from '../util/ip.ts';
import type { InitOptions } from './init-options.ts';
import type { Ask, Io } from './io.ts';
import { findPublicIp } from './public-ip.ts';

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
  const publicIp = privateIp === null ? null : await askPublicIp(options, privateIp, io);
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

async function askPublicIp(options: InitOptions, privateIp: string, io: Asking): Promise<string | null> {
  const found = await findPublicIp(options, io);
  if (found !== null) return found;
  const question = `Public IPv4 address that is mapped to ${privateIp} (Enter: to be filled in later): `;
  return (await asked(io.ask, question, text => parseIp(text)?.family === 'ipv4')) ?? null;
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
