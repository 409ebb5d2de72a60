import { describe, expect, test } from 'vitest';
import type { ServiceFact } from '../../src/model/facts.ts';
import { controlOf } from '../../src/model/service-control.ts';
import { deployment } from '../support/facts-builder.ts';

const healthy = deployment.facts.service.known ? deployment.facts.service.value : undefined;

interface Case {
  readonly manager: 'systemd' | 'docker' | 'openrc';
  readonly engine?: 'docker' | 'podman';
  readonly restart: string;
  readonly start: string;
  readonly stop: string;
  readonly drain: string;
  readonly journal: string | undefined;
}

const CASES: readonly Case[] = [
  {
    manager: 'systemd',
    restart: 'systemctl restart turn',
    start: 'systemctl start turn',
    stop: 'systemctl stop turn',
    drain: 'systemctl kill -s USR1 turn',
    journal: 'journalctl -u turn -n 9',
  },
  {
    manager: 'docker',
    restart: 'docker restart turn',
    start: 'docker start turn',
    stop: 'docker stop turn',
    drain: 'docker kill -s USR1 turn',
    journal: 'docker logs --tail 9 turn',
  },
  {
    manager: 'docker',
    engine: 'podman',
    restart: 'podman restart turn',
    start: 'podman start turn',
    stop: 'podman stop turn',
    drain: 'podman kill -s USR1 turn',
    journal: 'podman logs --tail 9 turn',
  },
  {
    manager: 'openrc',
    restart: 'rc-service turn restart',
    start: 'rc-service turn start',
    stop: 'rc-service turn stop',
    drain: 'kill -s USR1 4711',
    journal: undefined,
  },
];

describe('what a service manager is told', () => {
  for (const { manager, engine, ...commands } of CASES) {
    test(engine ?? manager, () => {
      const service = { ...(healthy as ServiceFact), manager, name: 'turn', ...(engine ? { engine } : {}) };
      const control = controlOf(service);
      expect({
        restart: control?.restart(service).join(' '),
        start: control?.start(service).join(' '),
        stop: control?.stop(service).join(' '),
        drain: control?.signal(service, 'USR1')?.join(' '),
        journal: control?.journal(service, 9)?.join(' '),
      }).toEqual(commands);
    });
  }

  test('OpenRC passes on no signal: without the process there is none', () => {
    const control = controlOf({ manager: 'openrc' });
    expect(control?.signal({ name: 'turn', mainPid: null }, 'USR2')).toBeNull();
  });

  test('systemd forgets failures before it starts what failed too often', () => {
    expect(controlOf({ manager: 'systemd' })?.forget({ name: 'turn', mainPid: null })).toEqual([
      'systemctl',
      'reset-failed',
      'turn',
    ]);
  });

  test('nobody is in charge of a process that was started by hand', () => {
    expect(controlOf({ manager: 'none' })).toBeUndefined();
  });
});
