import { duration } from '../../report/service.ts';
import { plural } from '../../util/text.ts';
import type { Io } from '../io.ts';
import { type Looked, look, type ServiceOptions, tell } from './look.ts';

/** Prints the state of the service: 0 when it runs and nothing is wrong with it. @throws {UsageError} {HostError} */
export async function serviceStatus(options: ServiceOptions, io: Io): Promise<number> {
  const looked = await look(options, io);
  if (io.signal.aborted) return 130;
  return tell(looked, { allWell: praise(looked) }, options, io);
}

/** What is well, in one sentence. */
function praise({ state }: Looked): string {
  if (state === null) return 'A turnserver runs, and no service manager is in charge of it';
  const { name, uptimeSeconds, allocations } = state;
  const up = uptimeSeconds === null ? 'runs' : `has been up for ${duration(uptimeSeconds)}`;
  return `${name} ${up}${allocations.known ? `, with ${plural(allocations.value, 'allocation')}` : ''}`;
}
