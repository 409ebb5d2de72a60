import type { NatObservation, NatVerdict } from '../model/observations/nat-behaviour.ts';
import type { Failure } from '../model/outcome.ts';
import type { TransportAddress } from '../model/transport.ts';
import { type Attribute, attribute } from '../stun/attributes.ts';
import { ask, baseOf, converse, type Probe, type ProbeContext } from './conversation.ts';
import { measureLifetime } from './nat-lifetime.ts';
import { type Answer, askBinding, NatSocket, reaches, SENDS } from './nat-socket.ts';
import { type Changed, type FilteringTests, filteringOf, mappingOf } from './nat-verdict.ts';
import type { Destination } from './plan.ts';
import { BINDING } from './stun-binding.ts';

export interface NatSettings {
  /** The longest wait for a mapping to expire; absent: not measured. */
  readonly lifetimeSeconds?: number;
}

/** The four transport addresses of a server of RFC 5780. */
interface FourAddresses {
  readonly primary: TransportAddress;
  readonly otherIp: TransportAddress;
  readonly otherPort: TransportAddress;
  readonly other: TransportAddress;
}

const BOTH: Attribute = { name: 'CHANGE-REQUEST', value: { changeIp: true, changePort: true } };
const PORT: Attribute = { name: 'CHANGE-REQUEST', value: { changeIp: false, changePort: true } };

const sameAddress = (a: TransportAddress, b: TransportAddress): boolean => a.ip === b.ip && a.port === b.port;

/** Mapping, filtering, hairpinning and lifetime of the NAT on the way to one UDP listener (RFC 5780 §4). */
export const probeNat: Probe<NatObservation> = async (to, context) => {
  const base = { probe: 'nat-behaviour' as const, ...baseOf(to), stagesMs: {} };
  const greeted = await greet(to, context);
  if ('outcome' in greeted) return { ...base, ...greeted };
  const { localAddress } = greeted;
  const sockets: NatSocket[] = [];
  const openSocket = async () => {
    const socket = await context.net.openPeer(localAddress.ip);
    if ('error' in socket) throw new NoSocket(socket.error);
    sockets.push(new NatSocket(socket));
    return sockets.at(-1) as NatSocket;
  };
  try {
    return { ...base, ...(await new Behaviour(to, context, openSocket).find()) };
  } catch (error) {
    if (!(error instanceof NoSocket)) throw error;
    return { ...base, outcome: 'skipped', reason: error.message };
  } finally {
    for (const socket of sockets) socket.close();
  }
};

/** An answer comes by then, or an ICMP error, which the sockets that talk to everybody never hear of. */
const GREETING_MS = 600;

/** The local address towards the server, or why it cannot be reached from there. */
async function greet(
  to: Destination,
  context: ProbeContext,
): Promise<{ readonly localAddress: TransportAddress } | Failure> {
  const { clock, deadlineMs } = context;
  const brief = {
    ...context,
    credential: undefined,
    deadlineMs: Math.min(deadlineMs, clock.monotonic() + GREETING_MS),
  };
  return converse<{ readonly localAddress: TransportAddress } | Failure>(
    to,
    brief,
    async exchange => {
      const { end } = await ask(BINDING, to, exchange, brief);
      if ('outcome' in end && UNREACHABLE.has(end.outcome)) return end;
      return { localAddress: exchange.channel.localAddress };
    },
    failure => failure,
  );
}

const UNREACHABLE: ReadonlySet<Failure['outcome']> = new Set(['refused', 'unreachable', 'skipped']);

/** This host gives no more sockets. */
class NoSocket extends Error {}

type Found = Omit<
  Extract<NatObservation, { outcome: 'complete' }>,
  keyof ReturnType<typeof baseOf> | 'probe' | 'stagesMs'
>;

class Behaviour {
  readonly #server: TransportAddress;
  readonly #context: ProbeContext;
  readonly #openSocket: () => Promise<NatSocket>;

  constructor({ server }: Destination, context: ProbeContext, openSocket: () => Promise<NatSocket>) {
    this.#server = server;
    this.#context = context;
    this.#openSocket = openSocket;
  }

  async find(): Promise<Found | Failure> {
    const { clock, onEvent, settings, signal } = this.#context;
    const server = this.#server;
    onEvent({ waitingFor: `Binding from ${server.ip}` });
    const startMs = clock.monotonic();
    const socket = await this.#openSocket();
    const first = await askBinding({ from: socket, to: server }, this.#context);
    if (signal.aborted) return { outcome: 'skipped', reason: 'interrupted' };
    if (first === undefined) {
      const waitedMs = clock.monotonic() - startMs;
      return { outcome: 'no-response', requestsSent: SENDS, waitedMs };
    }
    const failure = failureOf(first, server);
    if (failure !== undefined) return failure;
    const mapped = first.mappedAddress as TransportAddress;
    const translated = !sameAddress(mapped, socket.localAddress);
    const otherAddress = attribute(first.response, 'OTHER-ADDRESS');
    const four = fourAddresses(server, otherAddress);
    onEvent({ waitingFor: `the other addresses of ${server.ip}` });
    const [{ mapping, filtering }, hairpins] = await Promise.all([
      typeof four === 'string' ? unknowable(four) : this.#dependence(socket, mapped, four),
      translated ? this.#hairpins() : false,
    ]);
    const seconds = settings.nat?.lifetimeSeconds;
    if (seconds !== undefined) onEvent({ waitingFor: `mappings to expire, ${seconds} s` });
    return {
      outcome: 'complete',
      localAddress: socket.localAddress,
      mappedAddress: mapped,
      ...(otherAddress && { otherAddress }),
      mapping,
      filtering,
      hairpinning: translated ? (hairpins ? 'works' : 'not-seen') : 'no-nat',
      lifetime:
        seconds === undefined || !translated
          ? {
              kind: 'not-measured',
              reason: translated ? 'it takes minutes: ask with --long' : 'no NAT translates here',
            }
          : await measureLifetime(seconds, { server, openSocket: this.#openSocket, hairpins }, this.#context),
    };
  }

  async #dependence(socket: NatSocket, mapped: TransportAddress, four: FourAddresses): Promise<Dependence> {
    // Before anything is sent to the other address: some filters let in whom any socket of the host has talked to.
    const changed = await this.#askChanged(four);
    const [mapping, filtering] = await Promise.all([
      this.#mapping(socket, mapped, four),
      this.#filtering(changed, mapped, four),
    ]);
    return { mapping, filtering };
  }

  async #mapping(socket: NatSocket, primary: TransportAddress, four: FourAddresses): Promise<NatVerdict> {
    const [otherIp, other] = await Promise.all(
      [four.otherIp, four.other].map(to => this.#mappedBy(socket, to)),
    );
    return this.#inTime(mappingOf({ primary, otherIp: otherIp ?? null, other: other ?? null }, four));
  }

  async #mappedBy(socket: NatSocket, to: TransportAddress): Promise<TransportAddress | undefined> {
    const answer = await askBinding({ from: socket, to }, this.#context);
    return answer && sameAddress(answer.from, to) ? answer.mappedAddress : undefined;
  }

  async #askChanged(four: FourAddresses): Promise<Pick<FilteringTests, 'changeBoth' | 'changePort'>> {
    const [changeBoth, changePort] = await Promise.all([
      this.#changed(BOTH, four.other),
      this.#changed(PORT, four.otherPort),
    ]);
    return { changeBoth, changePort };
  }

  async #filtering(
    changed: Pick<FilteringTests, 'changeBoth' | 'changePort'>,
    mapped: TransportAddress,
    four: FourAddresses,
  ): Promise<NatVerdict> {
    const [provenBoth, provenPort] = await Promise.all([
      this.#proven(BOTH, four.other, mapped.ip),
      this.#proven(PORT, four.otherPort, mapped.ip),
    ]);
    return this.#inTime(filteringOf({ ...changed, provenBoth, provenPort }));
  }

  /** What is inconclusive because time ran out is not the server's fault. */
  #inTime(verdict: NatVerdict): NatVerdict {
    const { clock, deadlineMs } = this.#context;
    if (verdict.kind !== 'inconclusive' || clock.monotonic() < deadlineMs) return verdict;
    return inconclusive('time ran out: give more with --timeout');
  }

  async #changed(change: Attribute, expected: TransportAddress): Promise<Changed> {
    const from = await this.#openSocket();
    const answer = await askBinding({ from, to: this.#server, attributes: [change] }, this.#context);
    if (answer === undefined) return 'silent';
    if (answer.code !== undefined) return answer.code;
    return sameAddress(answer.from, expected) ? 'from-there' : 'from-asked';
  }

  /**
   * Opens the NAT towards the address the answer is to come from, then has it sent to that very mapping. Where the mapping
   * depends on the endpoint, RESPONSE-PORT leads the answer to the one that is open.
   */
  async #proven(change: Attribute, expected: TransportAddress, mappedIp: string): Promise<boolean> {
    const from = await this.#openSocket();
    const [open, asking] = [await this.#mappedBy(from, expected), await this.#mappedBy(from, this.#server)];
    if (open === undefined || asking === undefined || open.ip !== mappedIp) return false;
    const attributes: Attribute[] = [change];
    if (open.port !== asking.port) attributes.push({ name: 'RESPONSE-PORT', value: open.port });
    const answer = await askBinding({ from, to: this.#server, attributes }, this.#context);
    return answer !== undefined && answer.code === undefined && sameAddress(answer.from, expected);
  }

  /** Both send, as ICE does, so that a filter which lets in whom we talked to is open. */
  async #hairpins(): Promise<boolean> {
    const [one, two] = [await this.#openSocket(), await this.#openSocket()];
    const [mappedOne, mappedTwo] = await Promise.all([one, two].map(s => this.#mappedBy(s, this.#server)));
    if (mappedOne === undefined || mappedTwo === undefined) return false;
    const ways = [reaches(one, mappedTwo, two, this.#context), reaches(two, mappedOne, one, this.#context)];
    return (await Promise.all(ways)).some(Boolean);
  }
}

type Dependence = Pick<Found, 'mapping' | 'filtering'>;

const unknowable = (reason: string): Dependence => ({
  mapping: inconclusive(reason),
  filtering: inconclusive(reason),
});

const inconclusive = (reason: string): NatVerdict => ({ kind: 'inconclusive', reason });

function failureOf(first: Answer, server: TransportAddress): Failure | undefined {
  if (first.code !== undefined) {
    const reason = attribute(first.response, 'ERROR-CODE')?.reason ?? '';
    return { outcome: 'error-response', code: first.code, reason };
  }
  if (!sameAddress(first.from, server)) {
    const problem = `the answer came from ${first.from.ip}, port ${first.from.port}`;
    return { outcome: 'invalid-response', problem };
  }
  if (first.mappedAddress === undefined) {
    return { outcome: 'invalid-response', problem: 'the Binding response has no XOR-MAPPED-ADDRESS' };
  }
  return undefined;
}

/** Or why there are no four. */
function fourAddresses(
  primary: TransportAddress,
  other: TransportAddress | undefined,
): FourAddresses | string {
  if (other === undefined) {
    return 'the server names no OTHER-ADDRESS: it has one address, or RFC 5780 is off (as by default from coturn 4.7 on)';
  }
  if (other.ip === primary.ip || other.port === primary.port) {
    return `OTHER-ADDRESS ${other.ip}, port ${other.port}, does not differ from the first in both`;
  }
  return {
    primary,
    other,
    otherIp: { ip: other.ip, port: primary.port },
    otherPort: { ip: primary.ip, port: other.port },
  };
}
