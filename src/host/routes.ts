import { attempt } from './attempt.ts';
import type { Host } from './host.ts';

/** Interfaces with a default route of either family; none where `ip` is missing. */
export async function readDefaultInterfaces(host: Host): Promise<readonly string[]> {
  const outputs = await Promise.all(
    ['-4', '-6'].map(async family => {
      const result = await attempt(() => host.run(['ip', family, '-o', 'route', 'show', 'default']));
      return result.known && result.value.exitCode === 0 ? result.value.stdout : '';
    }),
  );
  return [...new Set(outputs.flatMap(parseDefaultInterfaces))];
}

/** `default via 192.0.2.1 dev eth0 proto dhcp`, a line for each route. */
export const parseDefaultInterfaces = (text: string): readonly string[] =>
  [...text.matchAll(/^default\s.*?\bdev\s+(\S+)/gm)].map(([, name = '']) => name);
