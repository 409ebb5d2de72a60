import { type Fact, known, unknown } from '../model/fact.ts';
import type { InterfaceAddress } from '../model/facts.ts';
import { attempt } from './attempt.ts';
import type { Host } from './host.ts';

/** Addresses of this host's interfaces. */
export async function readAddresses(host: Host): Promise<Fact<readonly InterfaceAddress[]>> {
  const result = await attempt(() => host.run(['ip', '-o', 'addr']));
  if (!result.known) return result;
  if (result.value.exitCode !== 0) return unknown(`ip: ${result.value.stderr.trim()}`);
  return known(parseAddresses(result.value.stdout));
}

/** `ip -o addr`, a line for each address: old, new and busybox's `ip` print it alike, which is not so for its JSON. */
export function parseAddresses(text: string): readonly InterfaceAddress[] {
  return text.split('\n').flatMap(line => {
    const match = /^\d+:\s+(\S+)\s+inet6?\s+([\da-f:.]+)(?:\s+peer\s+[\da-f:.]+)?(?:\/(\d+))?(?=\s|$)/.exec(
      line,
    );
    if (!match) return [];
    const [, name = '', ip = '', prefix] = match;
    const scope = /\sscope\s+(\w+)/.exec(line)?.[1];
    return [
      {
        interface: name.replace(/@.*/, ''),
        ip,
        prefixLength: prefix === undefined ? (ip.includes(':') ? 128 : 32) : Number(prefix),
        scope: scope === 'link' || scope === 'host' || scope === 'site' ? scope : 'global',
      },
    ];
  });
}
