import { createHash } from 'node:crypto';
import { type Fact, known } from '../../model/fact.ts';
import type { FirewallFact } from '../../model/firewall.ts';
import { orNull } from '../attempt.ts';
import type { Host } from '../host.ts';
import { readUnits } from '../systemd.ts';
import { chooseManager } from './backends.ts';
import { zoneOf } from './firewalld.ts';
import { OWN_NFT_FILE } from './open-nftables.ts';
import { readOutside } from './outside.ts';
import { readRuleset } from './read.ts';
import type { Outside, Table } from './ruleset.ts';
import { parseUfwRules, type UfwRule } from './ufw-rules.ts';

/** A text file as it was read, for a step that puts another one in its place. */
export interface KnownFile {
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/** Rules in force, and how each tool keeps its own: all that a plan for the firewall depends on. */
export interface FirewallState {
  readonly tables: readonly Table[];
  readonly outside: Outside;
  readonly manager: FirewallFact['manager'];
  readonly ufw: { readonly enabled: boolean; readonly rules: readonly UfwRule[] } | null;
  readonly firewalld: {
    readonly zone: string;
    /** Its permanent ports, as `49152-65535/udp`. */
    readonly ports: readonly string[];
  } | null;
  readonly nftables: {
    /** nftables.service loads the file at the next start. */
    readonly enabled: boolean;
    readonly file: KnownFile;
    /** Our own file, which it includes. */
    readonly own: KnownFile | null;
  } | null;
  readonly iptables: {
    /** Which rules plain `iptables` is about. */
    readonly variant: 'nft' | 'legacy';
    /** netfilter-persistent is installed, with its plugin for iptables. */
    readonly persistent: boolean;
  } | null;
}

/** Reads the rules and the files of all tools. Unknown where not every rule can be read. */
export async function readFirewallState(host: Host): Promise<Fact<FirewallState>> {
  const [tables, outside, ufw, nftables, iptables] = await Promise.all([
    readRuleset(host),
    readOutside(host),
    readUfw(host),
    readNftables(host),
    readIptables(host),
  ]);
  if (!tables.known) return tables;
  const manager = chooseManager(tables.value);
  const firewalld = manager === 'firewalld' ? await readFirewalld(host, zoneOf(tables.value, outside)) : null;
  return known({ tables: tables.value, outside, manager, ufw, firewalld, nftables, iptables });
}

async function readUfw(host: Host): Promise<FirewallState['ufw']> {
  const [settings, rules, rules6] = await Promise.all(
    ['ufw.conf', 'user.rules', 'user6.rules'].map(name => readText(host, `/etc/ufw/${name}`)),
  );
  if (!settings) return null;
  return {
    enabled: /^\s*ENABLED\s*=\s*["']?yes/im.test(settings.text),
    rules: [...parseUfwRules(rules?.text ?? ''), ...parseUfwRules(rules6?.text ?? '')],
  };
}

async function readFirewalld(host: Host, inForce: string | null): Promise<FirewallState['firewalld']> {
  const zone = inForce ?? (await line(host, ['firewall-cmd', '--get-default-zone']));
  if (!zone) return null;
  const ports = await line(host, ['firewall-cmd', '--permanent', `--zone=${zone}`, '--list-ports']);
  return { zone, ports: (ports ?? '').split(' ').filter(Boolean) };
}

async function readNftables(host: Host): Promise<FirewallState['nftables']> {
  const units = await readUnits(host, ['nftables.service']);
  const unit = units.known ? units.value.find(({ load }) => load === 'loaded') : undefined;
  const path = unit?.argv.at(-1);
  const file = path?.startsWith('/') ? await readText(host, path) : null;
  if (!unit || !file) return null;
  return { enabled: unit.enabled === 'enabled', file, own: await readText(host, OWN_NFT_FILE) };
}

async function readIptables(host: Host): Promise<FirewallState['iptables']> {
  const version = await line(host, ['iptables', '--version']);
  if (!version) return null;
  const plugin = await orNull(() => host.status('/usr/share/netfilter-persistent/plugins.d/15-ip4tables'));
  return { variant: version.includes('nf_tables') ? 'nft' : 'legacy', persistent: plugin !== null };
}

async function line(host: Host, argv: readonly string[]): Promise<string | null> {
  const result = await orNull(() => host.run(argv));
  return result?.exitCode === 0 ? result.stdout.trim() : null;
}

async function readText(host: Host, path: string): Promise<KnownFile | null> {
  const bytes = await orNull(() => host.readFile(path));
  if (!bytes) return null;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, text: Buffer.from(bytes).toString(), sha256 };
}
