import { restartCommand } from '../../rules/service-commands.ts';
import { drain, drainProblem } from '../../service/drain.ts';
import { plural } from '../../util/text.ts';
import type { Io } from '../io.ts';
import { look, operatingOn, type ServiceOptions, tell } from './look.ts';
import { notDone, refusalOf, tellAgain } from './restart.ts';

/** Lets allocations end by themselves before the service does. @throws {UsageError} {HostError} */
export async function serviceDrain(options: ServiceOptions, io: Io): Promise<number> {
  const looked = await look(options, io);
  if (io.signal.aborted) return 130;
  const operating = operatingOn(looked, options, io);
  const { service, control } = operating;
  const { version } = looked.gathered.facts;
  const argv = control.signal(service, 'USR1');
  const allocations = looked.state?.allocations;
  const problem =
    service.mainPid === null
      ? `${service.name} does not run`
      : ((version.known ? drainProblem(version.value) : 'its version is not known') ??
        (argv === null ? 'the process of the service is not known' : undefined) ??
        (allocations?.known ? undefined : `allocations cannot be counted: ${allocations?.reason ?? ''}`));
  if (problem !== undefined || argv === null || !allocations?.known) {
    const instead = `${restartCommand(service)} at a quiet hour, or turnctl service restart, which says how many calls it ends`;
    return tell(looked, notDone(`It was not drained: ${problem}. Instead: ${instead}`), options, io);
  }
  const refusal = options.afterwards === 'restart' ? refusalOf(looked, options) : undefined;
  if (refusal !== undefined) return tell(looked, refusal, options, io);
  const { afterwards, deadline } = options;
  io.stderr(`turnctl: ${intention(service.name, allocations.value, deadline, afterwards)}\n`);
  const action = await drain(operating, {
    ...{ argv, afterwards, deadlineMs: deadline * 1000, allocations: allocations.value },
  });
  if ('problem' in action) return tell(looked, notDone(action.problem), options, io);
  if (io.signal.aborted) {
    io.stderr(`turnctl: ${service.name} goes on draining; ${restartCommand(service)} ends that\n`);
    return 130;
  }
  // A service that was to end is no fault of it.
  if (afterwards === 'restart') return tellAgain(looked, action, options, io);
  const done = afterwards === 'stop' ? 'stopped' : 'left to end by itself after its last allocation';
  const left = plural(action.allocationsLeft, 'allocation');
  const allWell = `${service.name} was drained and ${done}: ${left} left after ${Math.round(action.drainedMs / 1000)} s`;
  return tell({ ...looked, checks: [] }, { action, allWell }, options, io);
}

function intention(
  name: string,
  count: number,
  deadline: number,
  afterwards: ServiceOptions['afterwards'],
): string {
  const after = { restart: 'is restarted', stop: 'is stopped', nothing: 'ends by itself after the last one' }[
    afterwards
  ];
  const lost = afterwards === 'nothing' ? '' : '; those left then are lost';
  return `${name} takes no new allocation, has ${deadline} s to let ${plural(count, 'allocation')} end, and ${after}${lost}`;
}
