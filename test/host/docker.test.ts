import { describe, expect, test } from 'vitest';
import { parseContainers } from '../../src/host/docker.ts';

const port = (number: number) => [
  { HostIp: '0.0.0.0', HostPort: String(number) },
  { HostIp: '::', HostPort: String(number) },
];

/** What Docker 27 says about containers, cut to what matters. */
const INSPECTED = [
  {
    Id: 'a'.repeat(64),
    Name: '/turn',
    Path: 'docker-entrypoint.sh',
    Args: ['-n', '--static-auth-secret=north', '--log-file=stdout'],
    RestartCount: 2,
    State: { Running: true, Pid: 4711, StartedAt: '2026-11-23T08:00:00.123456789Z', ExitCode: 0 },
    Config: { Image: 'coturn/coturn:4.6.2-r5-alpine', User: 'nobody:nogroup', WorkingDir: '' },
    HostConfig: { NetworkMode: 'bridge', RestartPolicy: { Name: 'unless-stopped' }, PortBindings: {} },
    NetworkSettings: {
      Ports: {
        '3478/tcp': port(3478),
        '3478/udp': port(3478),
        '5349/tcp': null,
        '49160/udp': port(49160),
        '49161/udp': port(49161),
        '49162/udp': port(50162),
        '9/sctp': port(9),
      },
    },
    Mounts: [{ Source: '/srv/coturn/turnserver.conf', Destination: '/etc/coturn/turnserver.conf' }],
  },
  {
    Id: 'b'.repeat(64),
    Name: '/relay',
    Path: '/usr/bin/turnserver',
    Args: ['-c', '/etc/t.conf'],
    State: { Running: false, Pid: 0, StartedAt: '0001-01-01T00:00:00Z', ExitCode: 255 },
    Config: { Image: 'registry.example:5000/own/image' },
    HostConfig: { NetworkMode: 'host', PortBindings: { '3478/udp': [{ HostIp: '', HostPort: '13478' }] } },
    NetworkSettings: { Ports: {} },
    Mounts: [],
  },
  { Id: 'c'.repeat(64), Name: '/web', Path: 'nginx', Args: [], Config: { Image: 'nginx:1.27' } },
];

describe('parseContainers', () => {
  const [running, stopped, ...others] = parseContainers(JSON.stringify(INSPECTED), 'docker');

  test('one that runs: command, mounts, and ports as ranges', () => {
    expect(running).toMatchObject({
      name: 'turn',
      argv: ['docker-entrypoint.sh', '-n', '--static-auth-secret=north', '--log-file=stdout'],
      running: true,
      mainPid: 4711,
      restarts: 2,
      user: 'nobody:nogroup',
      workingDirectory: '/',
      startedAt: '2026-11-23T08:00:00.123Z',
      mounts: [{ source: '/srv/coturn/turnserver.conf', destination: '/etc/coturn/turnserver.conf' }],
      published: [
        { protocol: 'tcp', hostFrom: 3478, hostTo: 3478, containerFrom: 3478, containerTo: 3478 },
        { protocol: 'udp', hostFrom: 3478, hostTo: 3478, containerFrom: 3478, containerTo: 3478 },
        { protocol: 'udp', hostFrom: 49160, hostTo: 49161, containerFrom: 49160, containerTo: 49161 },
        { protocol: 'udp', hostFrom: 50162, hostTo: 50162, containerFrom: 49162, containerTo: 49162 },
      ],
    });
  });

  test('one that never ran: what it would publish', () => {
    expect(stopped).toMatchObject({
      running: false,
      mainPid: null,
      startedAt: null,
      exitCode: 255,
      networkMode: 'host',
      published: [
        { protocol: 'udp', hostFrom: 13478, hostTo: 13478, containerFrom: 3478, containerTo: 3478 },
      ],
    });
  });

  test('containers without coturn are left out', () => expect(others).toEqual([]));
});
