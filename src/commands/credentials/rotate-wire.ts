import { gatherWire } from '../../facts/wire.ts';
import type { Rotation } from '../../fixes/rotate-secret.ts';
import { HostError } from '../../host/host.ts';
import type { Observation } from '../../model/observation.ts';
import type { ServerUri } from '../../model/target.ts';
import { issuedCredential } from '../../probes/credential.ts';
import { REACHABILITY } from '../../probes/plan.ts';
import { answersAsBefore } from '../../service/wait-until-up.ts';
import { sleep } from '../in-journal.ts';
import type { Io } from '../io.ts';

/** How long a server may take until it answers all that it answered before. */
const SERVE_MS = 20_000;
/** The same, when its service manager has given up waiting already. */
const SERVE_AFTER_FAILURE_MS = 3_000;
const ASK_AGAIN_MS = 300;

/** Where coturn is asked what it makes of secrets. */
export interface Wire {
  readonly targets: readonly ServerUri[];
  readonly timeoutMs: number;
  readonly io: Io;
}

/**
 * What coturn answers to the secrets that it must take before anything is changed: to one of them at least, or to all.
 * @throws {HostError} when it does not
 */
export async function askAsBefore(
  wire: Wire,
  secrets: readonly string[],
  isFinish: boolean,
): Promise<readonly Observation[]> {
  const answers: (readonly Observation[])[] = [];
  for (const secret of secrets) answers.push(await ask(wire, secret));
  const taken = answers.filter(isTaken);
  const [first] = taken;
  if (first !== undefined && (!isFinish || taken.length === answers.length)) return first;
  if (wire.io.signal.aborted) return [];
  throw new HostError(
    'io',
    isFinish
      ? 'coturn does not take the secret that is to be kept, so nothing was done'
      : 'coturn takes no secret of its file as it runs now, so nothing was done',
    { hint: 'turnctl service restart makes it read its file; turnctl diagnose says what else is wrong.' },
  );
}

/** Why coturn does not do as it should with the secrets of a rotation, or null; it is given time to start. */
export async function untilTaken(
  wire: Wire,
  { accepted, refused }: Pick<Rotation, 'accepted' | 'refused'>,
  before: readonly Observation[],
  hasFailed: boolean,
): Promise<string | null> {
  const untilMs = wire.io.clock.monotonic() + (hasFailed ? SERVE_AFTER_FAILURE_MS : SERVE_MS);
  for (;;) {
    const problem = (await firstNotTaken(wire, accepted, before)) ?? (await firstNotRefused(wire, refused));
    if (problem === null || wire.io.signal.aborted || wire.io.clock.monotonic() >= untilMs) return problem;
    await sleep(ASK_AGAIN_MS, wire.io);
  }
}

async function firstNotTaken(
  wire: Wire,
  secrets: readonly string[],
  before: readonly Observation[],
): Promise<string | null> {
  for (const [index, secret] of secrets.entries()) {
    if (answersAsBefore(await ask(wire, secret), before)) continue;
    return `with ${index === 0 ? 'the secret to sign with' : 'an old secret'} coturn does not answer as it did before`;
  }
  return null;
}

async function firstNotRefused(wire: Wire, secrets: readonly string[]): Promise<string | null> {
  for (const secret of secrets) {
    if (isRefused(await ask(wire, secret))) continue;
    return 'coturn does not refuse a secret that is no longer in its file';
  }
  return null;
}

async function ask({ targets, timeoutMs, io }: Wire, secret: string): Promise<readonly Observation[]> {
  const { net, clock, signal, progress, remote } = io;
  const wire = await gatherWire(
    net,
    clock,
    {
      uris: targets,
      vantage: remote === null ? 'server-host' : 'elsewhere',
      steps: REACHABILITY,
      credential: issuedCredential(secret, clock.now()),
      timeoutMs,
    },
    signal,
    ({ waitingFor }) => progress.update(`waiting for ${waitingFor}`),
  );
  return wire.known ? wire.value.observations : [];
}

const isTaken = (observations: readonly Observation[]): boolean =>
  observations.some(({ probe, outcome }) => probe === 'turn-allocate' && outcome === 'allocated');

/** Somewhere, and taken nowhere: silence is no refusal. */
const isRefused = (observations: readonly Observation[]): boolean =>
  !isTaken(observations) &&
  observations.some(it => it.probe === 'turn-allocate' && it.outcome === 'error-response' && it.code === 401);
