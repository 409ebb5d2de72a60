import { describe, expect, test } from 'vitest';
import {
  hostPathOf,
  parseCgroup,
  parseStatus,
  startTime,
  turnserverArguments,
} from '../../src/host/procfs.ts';

const ID = '3f5c1e7d9a8b4c6d2e0f1a3b5c7d9e8f3f5c1e7d9a8b4c6d2e0f1a3b5c7d9e8f';

describe('parseCgroup', () => {
  const cases = [
    {
      name: 'unit, version 2',
      text: '0::/system.slice/coturn.service\n',
      unit: 'coturn.service',
      container: null,
    },
    {
      name: 'unit, version 1',
      text: '11:memory:/system.slice/coturn.service\n1:name=systemd:/system.slice/coturn.service\n0::/\n',
      unit: 'coturn.service',
      container: null,
    },
    {
      name: 'a unit from a template, in a slice of its own',
      text: '0::/system.slice/system-turn.slice/turn@eu.service\n',
      unit: 'turn@eu.service',
      container: null,
    },
    { name: 'a shell', text: '0::/user.slice/user-0.slice/session-3.scope\n', unit: null, container: null },
    {
      name: 'a service of a user',
      text: '0::/user.slice/user-1000.slice/user@1000.service/app.slice/turn.service\n',
      unit: null,
      container: null,
    },
    { name: 'Docker, version 2', text: `0::/system.slice/docker-${ID}.scope\n`, unit: null, container: ID },
    { name: 'Docker, version 1', text: `4:memory:/docker/${ID}\n`, unit: null, container: ID },
    { name: 'Podman', text: `0::/machine.slice/libpod-${ID}.scope/container\n`, unit: null, container: ID },
    { name: 'nothing', text: '', unit: null, container: null },
  ];
  for (const { name, text, unit, container } of cases) {
    test(name, () => expect(parseCgroup(text)).toEqual({ unit, container }));
  }
});

test('parseStatus: who it is, what it may, whether it is in a container', () => {
  const text = `Name:\tturnserver
Uid:\t104\t104\t104\t104
Gid:\t106\t106\t106\t106
Groups:\t106 111 
NSpid:\t295
CapEff:\t0000000000000400
`;
  expect(parseStatus(text)).toEqual({
    uid: 104,
    gids: [106, 111],
    contained: false,
    capabilities: ['cap_net_bind_service'],
  });
  expect(parseStatus(text.replace('\t295', '\t10672\t295')).contained).toBe(true);
});

test('startTime: a name with parentheses and blanks does not shift the fields', () => {
  const stat = '295 (a) b (c) S 1 295 295 0 -1 4194560 1375 0 2 0 1 0 0 0 20 0 7 0 116834 486666240 3655';
  expect(startTime(stat, 'cpu 1 2\nbtime 1795438475\n')).toBe('2026-11-23T13:14:03.000Z');
  expect(startTime('', '')).toBeNull();
});

describe('turnserverArguments', () => {
  const cases = [
    {
      cmdline: '/usr/bin/turnserver\0-c\0/etc/t.conf\0',
      words: ['/usr/bin/turnserver', '-c', '/etc/t.conf'],
    },
    {
      cmdline: '/opt/ld-linux-x86-64.so.2\0--library-path\0/opt\0/opt/turnserver\0-n\0',
      words: ['/opt/turnserver', '-n'],
    },
    { cmdline: 'vim\0/usr/bin/turnserver\0', words: null },
    { cmdline: '', words: null },
  ];
  for (const { cmdline, words } of cases) {
    test(JSON.stringify(cmdline), () => expect(turnserverArguments(cmdline)?.words ?? null).toEqual(words));
  }
});

describe('hostPathOf', () => {
  const mountinfo = `189 154 0:42 / / rw,relatime shared:12 - overlay overlay rw
198 189 0:46 / /run rw,relatime shared:70 - tmpfs tmpfs rw
200 189 0:47 / /tmp rw,relatime shared:74 - tmpfs tmpfs rw
211 200 0:47 /systemd-private-1-coturn.service-A/tmp /tmp rw,relatime shared:75 - tmpfs tmpfs rw
212 189 0:42 /var/tmp/systemd-private-1-coturn.service-B/tmp /var/tmp rw,relatime shared:84 - overlay overlay rw
`;
  const cases = [
    { path: '/var/log/turn.log', expected: '/var/log/turn.log' },
    { path: '/tmp/turn_1.log', expected: '/tmp/systemd-private-1-coturn.service-A/tmp/turn_1.log' },
    { path: '/var/tmp/turn_1.log', expected: '/var/tmp/systemd-private-1-coturn.service-B/tmp/turn_1.log' },
    { path: '/run/turn.pid', expected: '/run/turn.pid' },
  ];
  for (const { path, expected } of cases)
    test(path, () => expect(hostPathOf(mountinfo, path)).toBe(expected));

  test('a place that is mounted nowhere else has no other name', () => {
    expect(
      hostPathOf('1 0 8:1 / / rw - ext4 a rw\n2 1 8:9 /data /srv rw - ext4 b rw\n', '/srv/x'),
    ).toBeNull();
  });
});
