import { type Fact, known, unknown } from '../../model/fact.ts';
import type { RulesetTool } from '../../model/firewall.ts';
import { attemptParsing, orNull } from '../attempt.ts';
import { type Host, HostError } from '../host.ts';
import { parseIptablesSave } from './iptables-save.ts';
import { parseNftRuleset } from './nft-json.ts';
import type { Table } from './ruleset.ts';

type IptablesTool = Exclude<RulesetTool, 'nft'>;

// A block list of a few hundred thousand addresses prints as some 50 MB of JSON.
const LIMITS = { timeoutMs: 5000, maxOutputBytes: 64 << 20 };

/** Every rule netfilter applies, whichever tool wrote it: all of them apply together. */
export async function readRuleset(host: Host): Promise<Fact<readonly Table[]>> {
  const [nft, legacy] = await Promise.all([readNft(host), readLegacy(host)]);
  if (!nft.known) return nft;
  return legacy.known ? known([...nft.value, ...legacy.value]) : legacy;
}

async function readNft(host: Host): Promise<Fact<readonly Table[]>> {
  const [ruleset, listing] = await Promise.all([
    output(host, ['nft', '-j', 'list', 'ruleset']),
    output(host, ['nft', '-a', '-t', 'list', 'ruleset']),
  ]);
  if (ruleset === null) return readWithoutNft(host);
  if (!ruleset.known) return ruleset;
  const parsed = attemptParsing('nft', () =>
    parseNftRuleset(ruleset.value, listing?.known ? listing.value : ''),
  );
  if (!parsed.known) return parsed;
  const tables = parsed.value;
  const iptables = tables.filter(({ writtenByIptables }) => writtenByIptables);
  const tools = [...new Set(iptables.map(({ name }) => (name.startsWith('ip6') ? 'ip6tables' : 'iptables')))];
  const saved = (await readWrittenBy(host, tools, 'nft')) ?? known([]);
  if (!saved.known) return saved;
  const replaced = (table: Table) =>
    iptables.includes(table) && saved.value.some(({ tool, name }) => nftName(tool, name) === table.name);
  const kept = tables.filter(table => !replaced(table));
  return known([
    ...kept,
    ...saved.value.filter(({ tool, name }) => !kept.some(table => table.name === nftName(tool, name))),
  ]);
}

/** Without the program nobody has written rules with it, but iptables-nft may have. */
async function readWithoutNft(host: Host): Promise<Fact<readonly Table[]>> {
  const saved = await readWrittenBy(host, ['iptables', 'ip6tables'], 'nft');
  return saved ?? unknown('neither nft nor iptables is installed, which would show the rules');
}

const nftName = (tool: RulesetTool, table: string): string =>
  `${tool.startsWith('ip6') ? 'ip6' : 'ip'} ${table}`;

/** Tables that the kernel's older interface holds; it lists none as long as nobody has used it. */
async function readLegacy(host: Host): Promise<Fact<readonly Table[]>> {
  const tools = await Promise.all(
    (['iptables-legacy', 'ip6tables-legacy'] as const).map(async tool => {
      const list = tool === 'iptables-legacy' ? 'ip_tables_names' : 'ip6_tables_names';
      const names = await orNull(() => host.readFile(`/proc/net/${list}`));
      return names && names.length > 0 ? [tool] : [];
    }),
  );
  const saved = await readWrittenBy(host, tools.flat(), 'legacy');
  return saved ?? unknown('rules of iptables are loaded, and no iptables-save is installed to show them');
}

/**
 * What `iptables-nft-save` or `iptables-legacy-save` prints; where they have no such names, `iptables-save`.
 * Null when none of them is installed.
 */
async function readWrittenBy(
  host: Host,
  tools: readonly IptablesTool[],
  variant: 'nft' | 'legacy',
): Promise<Fact<readonly Table[]> | null> {
  const tables: Table[] = [];
  const saves = await Promise.all(
    tools.map(async tool => {
      const plain = tool.replace(/-legacy$/, '');
      return (await output(host, [`${plain}-${variant}-save`])) ?? (await output(host, [`${plain}-save`]));
    }),
  );
  for (const [i, saved] of saves.entries()) {
    if (saved === null) return null;
    if (!saved.known) return saved;
    tables.push(...parseIptablesSave(saved.value, tools[i]!));
  }
  return known(tables);
}

/** Standard output of a program; null when the host does not have it. */
async function output(host: Host, argv: readonly string[]): Promise<Fact<string> | null> {
  try {
    const { exitCode, stdout, stderr, truncated } = await host.run(argv, LIMITS);
    if (exitCode !== 0) return unknown(`${argv[0]}: ${stderr.trim().split('\n')[0] ?? ''}`);
    return truncated ? unknown(`${argv[0]}: more rules than turnctl reads`) : known(stdout);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.code === 'no-such-program' ? null : unknown(error.message);
  }
}
