import type { BindingLifetime } from '../model/observations/nat-behaviour.ts';
import type { TransportAddress } from '../model/transport.ts';
import type { ProbeContext } from './conversation.ts';
import { askBinding, type NatSocket, reaches, sleep } from './nat-socket.ts';

/** Of the longest wait, each with a mapping of its own, so that all of it takes as long as the longest. */
const FRACTIONS = [1 / 16, 1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 5 / 8, 3 / 4, 7 / 8, 1];

/** To learn the mapped addresses before, and to ask ten times after. */
const MARGIN_MS = 10_000;

interface Lasting {
  readonly server: TransportAddress;
  readonly openSocket: () => Promise<NatSocket>;
  readonly hairpins: boolean;
}

/** Whether the mapping of the second socket, known by its mapped address, still lets something in. */
type IsAlive = (mapped: TransportAddress, on: NatSocket) => Promise<boolean>;

/** Lets mappings age for different times and looks which are alive (RFC 5780 §4.6 searches with one after another). */
export async function measureLifetime(
  seconds: number,
  { server, openSocket, hairpins }: Lasting,
  given: ProbeContext,
): Promise<BindingLifetime> {
  const context = { ...given, deadlineMs: given.clock.monotonic() + 1000 * seconds + MARGIN_MS };
  const asker = await openSocket();
  const byResponsePort: IsAlive = async (mapped, on) => {
    const attributes = [{ name: 'RESPONSE-PORT', value: mapped.port } as const];
    const answer = await askBinding({ from: asker, to: server, attributes, on }, context);
    return answer !== undefined && answer.code === undefined;
  };
  const byHairpin: IsAlive = (mapped, on) => reaches(asker, mapped, on, context);
  const fresh = async (isAlive: IsAlive, waitMs: number): Promise<boolean | undefined> => {
    const socket = await openSocket();
    const mapped = (await askBinding({ from: socket, to: server }, context))?.mappedAddress;
    if (mapped === undefined) return undefined;
    await sleep(waitMs, context);
    return context.signal.aborted ? undefined : isAlive(mapped, socket);
  };
  const method = (await fresh(byResponsePort, 0)) ? 'response-port' : hairpins ? 'hairpin' : undefined;
  if (method === undefined) {
    const reason = 'the server has no RESPONSE-PORT, and no packet of ours comes back through the NAT';
    return { kind: 'not-measured', reason };
  }
  const isAlive = method === 'response-port' ? byResponsePort : byHairpin;
  const waits = FRACTIONS.map(fraction => fraction * seconds);
  const alive = await Promise.all(waits.map(wait => fresh(isAlive, 1000 * wait)));
  if (context.signal.aborted) return { kind: 'not-measured', reason: 'interrupted' };
  return bounds(
    method,
    waits.map((wait, index) => [wait, alive[index]]),
  );
}

/** The longest wait survived, and the shortest beyond it that was not. */
function bounds(
  method: 'response-port' | 'hairpin',
  waits: readonly (readonly [seconds: number, alive: boolean | undefined])[],
): BindingLifetime {
  const aliveAfterSeconds = Math.max(0, ...waits.filter(([, alive]) => alive).map(([seconds]) => seconds));
  const gone = waits.find(([seconds, alive]) => alive === false && seconds > aliveAfterSeconds);
  return { kind: 'measured', method, aliveAfterSeconds, ...(gone && { goneAfterSeconds: gone[0] }) };
}
