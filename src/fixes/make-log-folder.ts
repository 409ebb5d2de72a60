import { dirname } from 'node:path';
import { groupOf } from './open-to-service.ts';
import type { Repair } from './repair.ts';

/** Makes the folder of the log, or gives it to the service. */
export const makeLogFolder: Repair = {
  rules: ['logging/unwritable'],
  plan({ facts, found, at }) {
    const { log } = facts;
    if (found('logging/unwritable').length === 0 || !log.known || log.value.configured === null) return null;
    const folder = dirname(log.value.configured);
    const service = facts.service.known ? facts.service.value : undefined;
    const user = service?.user || 'turnserver';
    const group = groupOf(service);
    const present = at(folder);
    // /var/log itself is not the service's, and what else is in a folder elsewhere nobody knows.
    if (present === undefined || !folder.startsWith('/var/log/')) return null;
    const why = `lets the service write ${log.value.configured}`;
    if (present === 'absent') {
      const argv = ['install', '-d', '-m', '0750', '-o', user, '-g', group, folder];
      const undo = ['rmdir', '--ignore-fail-on-non-empty', folder];
      return { steps: [{ kind: 'run', argv, undo, why }], needs: 'restart' };
    }
    if (present.kind === 'file') return null;
    return { steps: [{ kind: 'set-access', path: folder, user, group, mode: 0o750, why }], needs: 'restart' };
  },
};
