import type { ServiceFact } from '../model/facts.ts';
import type { Repair } from './repair.ts';

/** Starts the service with the host. */
export const enableService: Repair = {
  rules: ['service/not-enabled', 'service/not-running'],
  plan({ facts, found }) {
    const isWanted = found('service/not-enabled').length > 0 || found('service/not-running').length > 0;
    if (!isWanted || !facts.service.known || facts.service.value.enabled !== 'disabled') return null;
    const commands = commandsFor(facts.service.value);
    if (commands === null) return null;
    const why = 'starts it after the next reboot too';
    return { steps: [{ kind: 'run', ...commands, why }] };
  },
};

function commandsFor({ manager, name }: ServiceFact): { argv: string[]; undo: string[] } | null {
  switch (manager) {
    case 'systemd':
      return { argv: ['systemctl', 'enable', name], undo: ['systemctl', 'disable', name] };
    case 'openrc':
      return { argv: ['rc-update', 'add', name, 'default'], undo: ['rc-update', 'del', name, 'default'] };
    default:
      return null;
  }
}
