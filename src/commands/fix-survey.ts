import { dirname } from 'node:path';
import { settingsOf } from '../config/settings.ts';
import { lowPortsFile } from '../fixes/allow-low-ports.ts';
import { RENEWAL_HOOK } from '../fixes/copy-certificate.ts';
import type { Site } from '../fixes/host-edits.ts';
import { sha256 } from '../fixes/journal.ts';
import type { Present } from '../fixes/repair.ts';
import { orNull } from '../host/attempt.ts';
import { readFirewallState } from '../host/firewall/state.ts';
import { type Host, HostError } from '../host/host.ts';
import { isPrivate } from '../init/addresses.ts';
import { CERTIFICATE_FOLDER } from '../init/deployment.ts';
import { chooseRealm } from '../init/names.ts';
import type { Facts } from '../model/facts.ts';
import { relayAddresses } from '../rules/relay-addresses.ts';
import { formatIp } from '../util/ip.ts';
import type { FixInput } from './fix-plan.ts';
import type { Io } from './io.ts';
import { findPublicIp, type PublicIpOptions } from './public-ip.ts';

/** What a plan needs to know beside the facts. */
export type FixSurvey = Pick<FixInput, 'file' | 'firewall' | 'site' | 'at' | 'renewalHook'>;

/** Looks at what the planners may have to change. @throws {UsageError} {HostError} */
export async function surveyForFix(facts: Facts, options: PublicIpOptions, io: Io): Promise<FixSurvey> {
  const isShut = facts.firewall.known && facts.firewall.value.inbound.some(it => it.verdict === 'shut');
  const [file, firewall, site, present, hook] = await Promise.all([
    configurationFile(facts, io.host),
    isShut ? readFirewallState(io.host) : null,
    siteOf(facts, options, io),
    lookAt(pathsToLookAt(facts), io.host),
    io.readTemplate('certbot-hook.sh'),
  ]);
  return {
    file,
    firewall: firewall?.known ? firewall.value : null,
    site,
    at: path => present.get(path),
    renewalHook: hook.text,
  };
}

/** Null for the defaults, and for what is inside a container. */
async function configurationFile({ config }: Facts, host: Host): Promise<FixInput['file']> {
  if (!config.known || config.value.foundBy === 'container' || !config.value.path.startsWith('/'))
    return null;
  const { path } = config.value;
  const bytes = await orNull(() => host.readFile(path));
  return bytes === null ? null : { path, bytes };
}

async function siteOf(facts: Facts, options: PublicIpOptions, io: Io): Promise<Site> {
  const certificate = facts.tlsFiles.known ? facts.tlsFiles.value.certificate : undefined;
  const names = certificate?.known ? certificate.value : null;
  return {
    realm: chooseRealm(names, io.host.name),
    publicIp: await findPublicIp(options, io),
    privateIp: relayedPrivateIp(facts),
  };
}

function relayedPrivateIp({ config, version, addresses }: Facts): string | null {
  if (!config.known || !version.known || !addresses.known) return null;
  const relayed = relayAddresses(settingsOf(config.value, version.value.version), addresses.value);
  const ip = relayed?.ips.find(it => it.family === 'ipv4' && isPrivate(it));
  return ip === undefined ? null : formatIp(ip);
}

function pathsToLookAt({ log, service }: Facts): readonly string[] {
  const lowPorts = service.known ? lowPortsFile(service.value.name) : null;
  return [
    RENEWAL_HOOK,
    CERTIFICATE_FOLDER,
    ...(lowPorts === null ? [] : [lowPorts, dirname(lowPorts)]),
    ...(log.known && log.value.configured !== null ? [dirname(log.value.configured)] : []),
  ];
}

/** What cannot be looked at is left out. */
async function lookAt(paths: readonly string[], host: Host): Promise<ReadonlyMap<string, Present>> {
  const found = await Promise.all(paths.map(async path => [path, await presentAt(path, host)] as const));
  return new Map(found.flatMap(([path, present]) => (present === undefined ? [] : [[path, present]])));
}

async function presentAt(path: string, host: Host): Promise<Present | undefined> {
  try {
    const { kind } = await host.status(path);
    return kind === 'file' ? { kind, sha256: sha256(await host.readFile(path)) } : { kind: 'other' };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.code === 'not-found' ? 'absent' : undefined;
  }
}
