import { gatherHostFacts } from '../../facts/host-facts.ts';
import { targetsOf } from '../../facts/host-targets.ts';
import { activationFor } from '../../fixes/activation.ts';
import type { Journal } from '../../fixes/journal.ts';
import { planAddition, planRemoval, type Rotation } from '../../fixes/rotate-secret.ts';
import { type Outcome, transact } from '../../fixes/transaction.ts';
import { HostError } from '../../host/host.ts';
import type { Plan } from '../../model/plan.ts';
import type { ServerUri } from '../../model/target.ts';
import { type RotationResult, renderRotationPlan, renderRotationResult } from '../../report/rotation.ts';
import { fileChanges } from '../file-changes.ts';
import { whyNoStart } from '../fix-plan.ts';
import { inSoundJournal } from '../in-journal.ts';
import type { Io } from '../io.ts';
import { printDocument, printText } from '../print-document.ts';
import { UsageError } from '../usage-error.ts';
import { askAsBefore, untilTaken, type Wire } from './rotate-wire.ts';

export interface RotateFlags {
  readonly finish?: boolean;
  readonly secretOutput?: string;
  /** Seconds that a credential lives at most. */
  readonly ttl: number;
  readonly restart: boolean;
  readonly config?: string;
  readonly plan?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly output?: string;
  /** Seconds. */
  readonly timeout: number;
}

const COMMAND = 'credentials rotate';

interface Planned {
  readonly plan: Plan;
  /** The same with stars for the new secret: what may be printed. */
  readonly shown: Plan;
  readonly file: { readonly path: string; readonly bytes: Uint8Array };
  readonly rotation: Rotation;
  readonly targets: readonly ServerUri[];
  readonly restarts: boolean;
  /** What the operator must know, a sentence each. */
  readonly notes: readonly string[];
  /** When the old secrets may go; null where they go now. */
  readonly finishAfter: string | null;
}

/** Prints the plan. @throws {UsageError} {HostError} */
export async function showRotation(secret: string, options: RotateFlags, io: Io): Promise<number> {
  await print(await planRotation(secret, options, io), options, io);
  return 0;
}

/** Under the lock of the host: what a killed run left is undone first. @throws {UsageError} {HostError} */
export const rotateUnderJournal = (secret: string, options: RotateFlags, io: Io): Promise<number> =>
  inSoundJournal(COMMAND, io, journal => rotate(journal, secret, options, io));

async function rotate(journal: Journal, secret: string, options: RotateFlags, io: Io): Promise<number> {
  const planned = await planRotation(secret, options, io);
  if (planned.plan.steps.length === 0) {
    await print(planned, options, io);
    return 0;
  }
  const { targets, restarts, rotation } = planned;
  const wire: Wire = { targets, timeoutMs: options.timeout * 1000, io };
  const known = options.finish === true ? rotation.accepted : rotation.accepted.slice(1);
  const before = restarts ? await askAsBefore(wire, known, options.finish === true) : null;
  if (io.signal.aborted) return 130;
  const isForPerson = options.json !== true && options.output === undefined;
  if (isForPerson) await print(planned, options, io);
  else if (options.yes !== true) io.stderr(planText(planned, options, io)(io.rendering));
  if (options.yes !== true && !(await isAgreed(io))) {
    io.stderr('turnctl: nothing was changed\n');
    return io.signal.aborted ? 130 : 0;
  }
  if (options.secretOutput !== undefined) {
    await io.createPrivateFile(options.secretOutput, `${secret}\n`, { gid: null });
  }
  const outcome = await transact(journal, planned.plan, {
    command: COMMAND,
    now: io.clock.now,
    signal: io.signal,
    onStep: step => io.progress.update(step === 'activate' ? 'starting coturn anew' : step.why),
    verify: async failure =>
      before === null ? failure : untilTaken(wire, rotation, before, failure !== null),
    // A secret cuts nobody off from the host.
    confirm: async () => true,
  });
  if (outcome.state === 'undone' && before !== null) {
    const problem = await untilTaken(wire, { accepted: known, refused: [] }, before, false);
    if (problem !== null) io.stderr(`turnctl: everything is put back, but ${problem}\n`);
  }
  if (outcome.state !== 'kept' && options.secretOutput !== undefined) {
    io.stderr(`turnctl: the secret in ${options.secretOutput} is not in force\n`);
  }
  await print(planned, options, io, { outcome, isPlanShown: isForPerson });
  return exitCodeAfter(outcome);
}

function exitCodeAfter({ state }: Outcome): number {
  if (state === 'undone') return 4;
  return state === 'kept' ? 0 : 3;
}

const isAgreed = async ({ dialogue, progress }: Io): Promise<boolean> => {
  progress.stop();
  return /^y(es)?$/i.test((await dialogue?.(ask => ask('Do it? [y/N] '))) ?? '');
};

/** @throws {UsageError} where there is nothing to exchange, {HostError} where coturn would not start anew */
async function planRotation(secret: string, options: RotateFlags, io: Io): Promise<Planned> {
  io.progress.update(`reading ${io.host.name}`);
  const { facts, settings } = await gatherHostFacts({ host: io.host, configPath: options.config });
  const { config, service: serviceFact, addresses } = facts;
  if (!config.known || settings === null) {
    throw new UsageError('no turnserver.conf was found on this host', 'Name it: --config FILE.');
  }
  if (!config.value.path.startsWith('/')) {
    throw new UsageError(
      `${config.value.path} is no absolute path`,
      'It is undone from another folder, perhaps.',
    );
  }
  if (config.value.foundBy === 'container') {
    throw new UsageError(
      'the configuration is inside a container',
      'Change it where the container has it from, and name that file: --config FILE --no-restart.',
    );
  }
  const { path } = config.value;
  const file = { path, bytes: await io.host.readFile(path) };
  const planFor = (value: string) =>
    options.finish === true ? planRemoval(file) : planAddition(file, value);
  const [rotation, masked] = [planFor(secret), planFor('*'.repeat(secret.length))];
  if ('problem' in rotation) throw new UsageError(rotation.problem);
  if ('problem' in masked) throw new UsageError(masked.problem);
  const service = serviceFact.known ? serviceFact.value : undefined;
  const activate = options.restart && rotation.steps.length > 0 ? restartOf(service) : [];
  const restarts = activate.length > 0;
  const obstacle = restarts ? whyNoStart(config.value, facts) : null;
  if (obstacle !== null) throw new HostError('io', obstacle, { hint: 'See turnctl lint.' });
  const planOf = ({ steps }: Rotation): Plan => ({
    resolves: [],
    steps,
    risk: restarts && service?.active === 'active' ? 'drops-allocations' : 'none',
    activate,
  });
  const finishAfter =
    options.finish === true ? null : new Date(io.clock.now() + options.ttl * 1000).toISOString();
  return {
    plan: planOf(rotation),
    shown: planOf(masked),
    file,
    rotation,
    restarts,
    targets: targetsOf(settings, addresses.known ? addresses.value : [], io.remote ?? undefined),
    notes: [
      ...(options.restart || rotation.steps.length === 0 ? [] : [NOT_IN_FORCE]),
      ...(finishAfter === null ? [] : [adviceFor(options, path, finishAfter)]),
    ],
    finishAfter,
  };
}

/** @throws {UsageError} where nobody but the operator can start coturn */
function restartOf(service: Parameters<typeof activationFor>[0]): NonNullable<Plan['activate']> {
  const activate = activationFor(service, new Set(['restart'] as const));
  if (activate !== null) return activate;
  throw new UsageError(
    'no service manager of this host starts coturn',
    '--no-restart changes the file alone; start coturn anew yourself.',
  );
}

const NOT_IN_FORCE =
  'coturn is not restarted: the new secret is not in force, and its credentials are refused with 401, until it is.';

const adviceFor = ({ secretOutput, ttl }: RotateFlags, path: string, finishAfter: string): string =>
  `Give the new secret (the first static-auth-secret of ${path}${secretOutput === undefined ? '' : `, or ${secretOutput}`}) to whatever makes credentials. turnctl credentials rotate --finish may remove the old one ${ttl} s (--ttl) after the last of them has it: not before ${finishAfter.replace(/\.\d+/, '')}.`;

function planText({ shown, notes, file }: Planned, { finish = false }: RotateFlags, { host }: Io) {
  const changes = fileChanges(shown, file);
  return (rendering: Io['rendering']) =>
    renderRotationPlan({ host: host.name, finish, plan: shown, notes }, changes, rendering);
}

async function print(
  planned: Planned,
  options: RotateFlags,
  io: Io,
  ended?: { readonly outcome: Outcome; readonly isPlanShown: boolean },
): Promise<void> {
  const result = ended === undefined ? null : resultOf(ended.outcome, planned);
  if (options.json === true) {
    const { shown: plan, notes, finishAfter } = planned;
    const tool = { name: 'turnctl', version: io.version };
    const document = { schemaVersion: 1, tool, command: COMMAND, plan, notes, finishAfter, run: result };
    await printDocument(document, options, io);
    return;
  }
  await printText(
    rendering =>
      [
        // An empty line keeps the result apart from the plan above.
        ...(ended?.isPlanShown === true ? [''] : [planText(planned, options, io)(rendering)]),
        ...(result === null ? [] : [renderRotationResult(result, rendering)]),
      ].join('\n'),
    options,
    io,
  );
}

function resultOf(outcome: Outcome, { rotation, restarts }: Planned): RotationResult {
  if (outcome.state === 'undone' || outcome.state === 'half-undone') return outcome;
  const [accepted, refused] = restarts ? [rotation.accepted.length, rotation.refused.length] : [0, 0];
  return { state: 'kept', id: outcome.id, accepted, refused };
}
