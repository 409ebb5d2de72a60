import { createInterface } from 'node:readline';
import { issueCredential } from '../../src/credentials/issue.ts';
import { allocate, refresh } from '../../src/turn/requests.ts';
import { openTurnClient, type TurnClient } from './turn-client.ts';

/**
 * Holds allocations, run in a network of the lab: `hold-allocations IP PORT SECRET COUNT`. Says how many it got; then for each
 * line it reads how many are alive (`count`), or how many it gave back (`end N`).
 */
const [ip = '', port, secret = '', wanted] = process.argv.slice(2);
const held: TurnClient[] = [];
for (let index = 0; index < Number(wanted); index++) {
  const credential = issueCredential({ secret, now: Date.now(), ttlSeconds: 3600, name: `held-${index}` });
  const client = await openTurnClient('udp', { ip, port: Number(port) }, { credential, waitMs: 3000 });
  if ((await client.ask(allocate())).kind === 'succeeded') held.push(client);
}
console.log(held.length);

const refreshed = async (clients: readonly TurnClient[], seconds: number): Promise<number> =>
  (await Promise.all(clients.map(client => client.ask(refresh(seconds))))).filter(
    ({ kind }) => kind === 'succeeded',
  ).length;

for await (const line of createInterface({ input: process.stdin })) {
  const [what, count] = line.split(' ');
  console.log(
    what === 'end' ? await refreshed(held.splice(0, Number(count)), 0) : await refreshed(held, 600),
  );
}
process.exit(0);
