import type { ServiceFact } from '../model/facts.ts';
import type { Activation } from '../model/plan.ts';
import type { Repaired } from './repair.ts';

type Need = NonNullable<Repaired['needs']>;

/** What makes the service use what was changed, no more than is needed. Null where nobody can start it but its operator. */
export function activationFor(
  service: ServiceFact | undefined,
  needs: ReadonlySet<Need>,
): readonly Activation[] | null {
  if (needs.size === 0) return [];
  const restarts = needs.has('restart') || needs.has('reload-units-and-restart');
  if (service?.manager === 'systemd') {
    const { name } = service;
    if (!restarts) return [signal(name)];
    return [
      ...(needs.has('reload-units-and-restart')
        ? [same(['systemctl', 'daemon-reload'], 'reads the units')]
        : []),
      // Five starts in ten seconds, as of a coturn that dies of what is then undone, and systemd refuses the sixth.
      same(['systemctl', 'reset-failed', name], 'forgets how often it was started'),
      restart(service, ['systemctl', 'restart', name], ['systemctl', 'stop', name]),
    ];
  }
  if (service?.manager === 'openrc' && restarts) {
    const { name } = service;
    return [restart(service, ['rc-service', name, 'restart'], ['rc-service', name, 'stop'])];
  }
  return null;
}

/** What was stopped is stopped again; what was failing is left to fail as it did. */
function restart(service: ServiceFact, argv: readonly string[], stop: readonly string[]): Activation {
  const isRunning = service.active === 'active';
  return {
    argv,
    back: service.active === 'inactive' ? stop : argv,
    why: isRunning ? 'coturn reads its files when it starts' : 'starts it',
  };
}

const same = (argv: readonly string[], why: string): Activation => ({ argv, back: argv, why });

const signal = (name: string): Activation =>
  same(['systemctl', 'kill', '-s', 'USR2', name], 'reads certificate and key again, calls go on');
