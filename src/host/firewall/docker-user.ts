import type { Chain, Outside, Table } from './ruleset.ts';
import type { FirewallState } from './state.ts';

/** The chain that Docker leaves to the operator: packets for containers pass it, and not the input hook. */
export const DOCKER_USER = 'DOCKER-USER';

/**
 * The rules that packets for published ports of containers meet, as if DOCKER-USER was the whole firewall: Docker itself
 * lets in what it publishes. Ports are those inside the container, because the address is translated before.
 */
export const containerSide = (state: FirewallState): FirewallState => ({
  ...state,
  manager: 'iptables',
  outside: { ...state.outside, addresses: [] } satisfies Outside,
  tables: state.tables.filter(({ chains }) => chains.has(DOCKER_USER)).map(onlyDockerUser),
});

function onlyDockerUser(table: Table): Table {
  const chains = [...table.chains].map(([name, chain]): [string, Chain] => [
    name,
    { ...chain, base: name === DOCKER_USER ? BASE : null },
  ]);
  return { ...table, chains: new Map(chains) };
}

const BASE: NonNullable<Chain['base']> = {
  hook: 'input',
  priority: 0,
  policy: 'accept',
  devices: [],
  text: 'no rule',
};
