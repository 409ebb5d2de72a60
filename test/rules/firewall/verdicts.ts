import type { FirewallFact, InboundVerdict } from '../../../src/model/firewall.ts';

type Hole = Pick<InboundVerdict, 'family' | 'protocol' | 'from' | 'to'>;

/** A hole for both families. */
export const both = (protocol: 'udp' | 'tcp', from: number, to = from): Hole[] =>
  (['ipv4', 'ipv6'] as const).map(family => ({ family, protocol, from, to }));

interface Wall {
  readonly manager?: FirewallFact['manager'];
  readonly zone?: string;
  readonly by?: string;
  readonly chain?: InboundVerdict['chain'];
}

const NFT = { tool: 'nft', table: 'inet filter', chain: 'input' } as const;

/** A firewall that shuts everything but the holes. */
export function wallWith(holes: readonly Hole[], wall: Wall = {}): FirewallFact {
  const { manager = 'nftables', zone, by = 'inet filter input: policy drop', chain = NFT } = wall;
  const inbound = (['ipv4', 'ipv6'] as const).flatMap(family =>
    (['udp', 'tcp'] as const).flatMap(protocol => {
      const open = holes
        .filter(hole => hole.family === family && hole.protocol === protocol)
        .sort((a, b) => a.from - b.from);
      const edges = [0, ...open.flatMap(({ from, to }) => [from, to + 1]), 65_536];
      return edges.slice(0, -1).flatMap((from, i): InboundVerdict[] => {
        const to = edges[i + 1]! - 1;
        if (from > to) return [];
        const isHole = i % 2 === 1;
        return [
          isHole
            ? { family, protocol, from, to, verdict: 'open', by: 'inet filter input: accept' }
            : { family, protocol, from, to, verdict: 'shut', by, chain },
        ];
      });
    }),
  );
  return { manager, ...(zone === undefined ? {} : { zone }), inbound };
}
