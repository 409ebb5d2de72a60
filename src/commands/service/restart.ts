import type { Check } from '../../model/report.ts';
import type { ServiceAction } from '../../model/service-state.ts';
import { restart } from '../../service/restart.ts';
import { isHealthyAnswer } from '../../service/wait-until-up.ts';
import { plural } from '../../util/text.ts';
import type { Io } from '../io.ts';
import { mayEndCalls } from './consent.ts';
import { fatalChecks, type Looked, look, operatingOn, type ServiceOptions, tell } from './look.ts';

/** Judges, warns, restarts, measures the gap, and looks again. @throws {UsageError} {HostError} */
export async function serviceRestart(options: ServiceOptions, io: Io): Promise<number> {
  const looked = await look(options, io);
  if (io.signal.aborted) return 130;
  const operating = operatingOn(looked, options, io);
  const refusal = refusalOf(looked, options);
  if (refusal !== undefined) return tell(looked, refusal, options, io);
  const { name } = operating.service;
  const consent = {
    name,
    yes: options.yes === true,
    alternative: 'turnctl service drain lets them end first.',
  };
  const running = operating.service.mainPid !== null;
  if (running && !(await mayEndCalls(looked.state?.allocations ?? UNKNOWN, consent, io))) {
    return tell(looked, notDone(`Nothing was done: ${name} is as it was`), options, io);
  }
  const action = await restart(operating);
  if (io.signal.aborted) {
    io.stderr(`turnctl: ${name} was told to restart; whether it answers again was not waited for\n`);
    return 130;
  }
  return tellAgain(looked, action, options, io);
}

const UNKNOWN = { known: false, reason: 'they could not be counted' } as const;

/** Nothing was done, and why. */
export const notDone = (why: string) => ({
  allWell: why,
  failed: why,
  action: { kind: 'none', why } as const,
});

/** What is wrong with a restart, where coturn would not survive it. */
export function refusalOf(looked: Looked, { force }: ServiceOptions) {
  const fatal: readonly Check[] = force === true ? [] : fatalChecks(looked);
  if (fatal.length === 0) return undefined;
  const [first] = fatal[0]?.findings ?? [];
  const why = `Nothing was done, because coturn would not come up again: ${first?.message ?? fatal[0]?.title}. --force does it all the same`;
  return { ...notDone(why), checks: fatal };
}

/** Looks again at what is there now, and tells what was done to get there. */
export async function tellAgain(
  before: Looked,
  action: ServiceAction,
  options: ServiceOptions,
  io: Io,
): Promise<number> {
  const after = await look(options, io, before.startedMs);
  const { state } = after;
  const name = state?.name ?? 'coturn';
  return tell(
    after,
    {
      action,
      allWell: wellDone(name, action),
      ...(wentWrong(action) ? whatIsWrong(name, before) : {}),
    },
    options,
    io,
  );
}

/** Where nothing answered before either, the way to it may be what is wrong. */
function whatIsWrong(name: string, { gathered: { facts }, state }: Looked) {
  const before = facts.wire.known ? facts.wire.value.observations : [];
  if (state?.pid == null || before.some(isHealthyAnswer)) {
    return { failed: `${name} does not answer as it did before` };
  }
  return {
    inconclusive: `${name} did not answer from here before, and does not now: ask it from where clients are`,
  };
}

const wentWrong = (action: ServiceAction): boolean =>
  (action.kind === 'restart' && !action.up) ||
  (action.kind === 'drain' && action.afterwards === 'restart' && !action.up);

function wellDone(name: string, action: ServiceAction): string {
  const gap =
    'gap' in action && action.gap?.gapMs != null ? `${action.gap.gapMs} ms without an answer` : undefined;
  if (action.kind === 'drain') {
    const left = plural(action.allocationsLeft, 'allocation');
    const ended =
      action.afterwards === 'restart'
        ? 'restarted'
        : action.afterwards === 'stop'
          ? 'stopped'
          : 'left to end by itself';
    return `${name} was drained and ${ended}: ${left} lost${gap === undefined ? '' : `, ${gap}`}`;
  }
  const lost =
    action.kind === 'restart' && action.allocationsLost !== null
      ? `${plural(action.allocationsLost, 'allocation')} lost`
      : undefined;
  return [`${name} answers again`, [gap, lost].filter(Boolean).join(', ')].filter(Boolean).join(': ');
}
