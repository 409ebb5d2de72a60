import { orNull } from '../host/attempt.ts';
import type { Host } from '../host/host.ts';
import type { Facts } from '../model/facts.ts';

/** Counts what coturn writes into its log between now and `lines()`; null where it writes into no file that can be read. */
export interface LogGrowth {
  lines(): Promise<number | null>;
}

/** Starts counting. */
export async function watchLog(host: Host, { log }: Pick<Facts, 'log'>): Promise<LogGrowth> {
  const path = log.known ? log.value.actual : null;
  const before = path === null ? null : await orNull(() => host.status(path));
  return {
    async lines() {
      if (path === null || before?.kind !== 'file') return null;
      const added = await orNull(() => host.run(['tail', `--bytes=+${before.sizeBytes + 1}`, '--', path]));
      return added === null || added.exitCode !== 0 ? null : added.stdout.split('\n').length - 1;
    },
  };
}
