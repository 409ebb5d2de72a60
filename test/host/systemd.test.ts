import { describe, expect, test } from 'vitest';
import { expandCommand, parseEnvironment, parseUnits, splitCommand } from '../../src/host/systemd.ts';

/** `systemctl show coturn.service turnserver.service`, Debian 12; the long list of capabilities is cut. */
const DEBIAN = `MainPID=295
Result=success
NRestarts=0
ExecMainStartTimestamp=Mon 2026-11-23 12:55:03 UTC
ExecStart={ path=/usr/bin/turnserver ; argv[]=/usr/bin/turnserver -c /etc/turnserver.conf --pidfile= ; ignore_errors=no ; start_time=[Mon 2026-11-23 12:55:03 UTC] ; stop_time=[n/a] ; pid=295 ; code=(null) ; status=0/0 }
Environment=
WorkingDirectory=
StandardOutput=journal
LogsDirectory=
CapabilityBoundingSet=cap_chown cap_net_bind_service
AmbientCapabilities=
User=turnserver
Group=turnserver
SupplementaryGroups=
InaccessiblePaths=/home
PrivateTmp=yes
ProtectHome=no
ProtectSystem=no
Id=coturn.service
LoadState=loaded
ActiveState=active
SubState=running
FragmentPath=/lib/systemd/system/coturn.service
DropInPaths=
UnitFileState=enabled

MainPID=0
Result=success
NRestarts=0
ExecMainStartTimestamp=
Id=turnserver.service
LoadState=not-found
ActiveState=inactive
SubState=dead
UnitFileState=
`;

/** EPEL's unit on Rocky 9, hardened by a drop-in, after a start that failed. */
const ROCKY = `MainPID=0
Result=exit-code
NRestarts=5
ExecMainStartTimestamp=Mon 2026-11-23 07:12:44 EST
ExecStart={ path=/usr/bin/turnserver ; argv[]=/usr/bin/turnserver -o -c /etc/coturn/turnserver.conf $EXTRA_OPTIONS ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
Environment=LANG=C "EXTRA_OPTIONS=-v --syslog"
EnvironmentFiles=/etc/sysconfig/coturn (ignore_errors=yes)
EnvironmentFiles=/etc/sysconfig/more (ignore_errors=no)
WorkingDirectory=!/var/lib/coturn
LogsDirectory=coturn
ReadWritePaths=-/run/coturn /srv/log
CapabilityBoundingSet=cap_net_bind_service
AmbientCapabilities=cap_net_bind_service
User=coturn
Group=
SupplementaryGroups=ssl-cert tls
InaccessiblePaths=-/opt +/srv/private
PrivateTmp=no
ProtectHome=yes
ProtectSystem=strict
Id=coturn.service
LoadState=loaded
ActiveState=activating
SubState=auto-restart
FragmentPath=/usr/lib/systemd/system/coturn.service
DropInPaths=/etc/systemd/system/coturn.service.d/a.conf /etc/systemd/system/coturn.service.d/b.conf
UnitFileState=disabled
`;

describe('parseUnits', () => {
  test('a running unit of Debian, and a name that systemd does not know', () => {
    const [unit, other] = parseUnits(DEBIAN);
    expect(unit).toMatchObject({
      name: 'coturn.service',
      active: 'active',
      enabled: 'enabled',
      mainPid: 295,
      user: 'turnserver',
      argv: ['/usr/bin/turnserver', '-c', '/etc/turnserver.conf', '--pidfile='],
      fragments: ['/lib/systemd/system/coturn.service'],
      workingDirectory: '/',
      ambientCapabilities: [],
      privateTmp: true,
      inaccessiblePaths: ['/home'],
      writablePaths: null,
      startedAt: '2026-11-23T12:55:03.000Z',
    });
    expect(other).toMatchObject({
      name: 'turnserver.service',
      load: 'not-found',
      mainPid: null,
      argv: [],
      startedAt: null,
    });
  });

  test('a failing, hardened unit of Rocky with drop-ins', () => {
    expect(parseUnits(ROCKY)).toEqual([
      expect.objectContaining({
        result: 'exit-code',
        restarts: 5,
        sub: 'auto-restart',
        environment: ['LANG=C', 'EXTRA_OPTIONS=-v --syslog'],
        environmentFiles: ['/etc/sysconfig/coturn', '/etc/sysconfig/more'],
        workingDirectory: '/var/lib/coturn',
        supplementaryGroups: ['ssl-cert', 'tls'],
        inaccessiblePaths: ['/opt', '/srv/private', '/home', '/root', '/run/user'],
        writablePaths: expect.arrayContaining(['/run/coturn', '/srv/log', '/var/log/coturn']),
        fragments: expect.objectContaining({ length: 3 }),
        // Eastern time could be told only with its rules for summer and winter.
        startedAt: null,
      }),
    ]);
  });

  test('an alias is the same unit', () => {
    const block = DEBIAN.split('\n\n')[0];
    expect(parseUnits(`${block}\n\n${block}\n`)).toHaveLength(1);
  });
});

const commands = [
  { text: 'turnserver -c /etc/t.conf', words: ['turnserver', '-c', '/etc/t.conf'] },
  { text: `a "b c" 'd e' f="g h"`, words: ['a', 'b c', 'd e', 'f=g h'] },
  { text: '', words: [] },
];
for (const { text, words } of commands) {
  test(`splitCommand ${JSON.stringify(text)}`, () => expect(splitCommand(text)).toEqual(words));
}

test('variables: a word of its own is split, one inside a word is not', () => {
  const variables = parseEnvironment('# options\nEXTRA="-v --syslog"\nCONF=/etc/t.conf\n\nexport=x\n');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: systemd's own syntax
  expect(expandCommand(['turnserver', '-c', '${CONF}', '$EXTRA', '$MISSING'], variables)).toEqual([
    'turnserver',
    '-c',
    '/etc/t.conf',
    '-v',
    '--syslog',
  ]);
});
