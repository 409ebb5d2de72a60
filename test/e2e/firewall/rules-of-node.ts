import { execFileSync } from 'node:child_process';
import { inNode, type LabNode } from '../../lab/network.ts';

/** Tells a machine where another one is: neighbour discovery is ICMPv6, which random rules drop with everything else. */
export function introduce(to: LabNode, whom: LabNode, ip: string): void {
  const mac = /link\/ether (\S+)/.exec(inNode(whom, ['ip', '-o', 'link', 'show', 'eth0']))![1]!;
  inNode(to, ['ip', 'neigh', 'replace', ip, 'lladdr', mac, 'dev', 'eth0', 'nud', 'permanent']);
}

/** Takes every rule of every tool away. */
export function clear(node: LabNode): void {
  for (const tool of ['iptables-legacy', 'ip6tables-legacy']) {
    for (const table of ['filter', 'mangle']) {
      inNode(node, [tool, '-t', table, '-F']);
      inNode(node, [tool, '-t', table, '-X']);
      for (const chain of table === 'filter' ? ['INPUT'] : ['PREROUTING'])
        inNode(node, [tool, '-t', table, '-P', chain, 'ACCEPT']);
    }
  }
  inNode(node, ['nft', 'flush', 'ruleset']);
}

/** Loads rules with `nft -f -` or one of the restorers. @throws {Error} with the rules, when they are refused */
export function restore({ namespace }: LabNode, argv: readonly string[], rules: string): void {
  try {
    execFileSync('ip', ['netns', 'exec', namespace, ...argv], {
      input: rules,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${rules}`, { cause: error });
  }
}
