import notRunning from '../../../src/rules/service/not-running.ts';
import { deployment } from '../../support/facts-builder.ts';
import { failedUnit, systemd, turnserver, unit } from '../../support/journal.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const down = (...journal: string[]) =>
  deployment.with({ service: failedUnit(...journal), processes: [], sockets: [] });

const exited255 = systemd(
  'coturn.service: Main process exited, code=exited, status=255/EXCEPTION',
  "coturn.service: Failed with result 'exit-code'.",
  'coturn.service: Scheduled restart job, restart counter is at 5.',
  'coturn.service: Start request repeated too quickly.',
);

ruleTester(notRunning, {
  passes: [
    { name: 'the unit is active and listens', facts: deployment },
    { name: 'nobody but root sees whose sockets there are', facts: deployment.with({ sockets: [] }) },
    { name: 'started by hand, without a service', facts: deployment.without('service') },
    {
      name: 'it answers, though its process is hidden from us',
      facts: deployment.without('service').with({ processes: [] }),
    },
  ],
  fails: [
    {
      name: 'the journal knows that it cannot bind, and its log where',
      facts: down(...turnserver('bind: Address already in use')).with({
        sockets: [{ protocol: 'tcp', ip: '0.0.0.0', port: 3478, pid: 812, program: 'nginx' }],
        logLines: {
          source: '/var/log/turnserver/turn.log',
          lines: ['0: : Trying to bind fd 12 to <203.0.113.10:3478>: errno=98'],
        },
      }),
      message:
        'coturn.service has failed: nginx (pid 812) holds 203.0.113.10:3478 (errno 98, Address already in use)',
    },
    {
      name: 'low port without the capability, 4.6.1',
      facts: down(
        ...turnserver(
          'bind: Permission denied',
          '0: : Trying to bind fd 12 to <203.0.113.10:443>: errno=13',
          'Cannot bind local socket to addr: Permission denied',
          '0: : Cannot bind TLS/TCP listener socket to addr 203.0.113.10:443',
          '0: : Trying to bind TLS/TCP listener socket to addr 203.0.113.10:443, again...',
        ),
        ...exited255,
      ),
      message:
        'coturn.service has failed: user turnserver may not bind 203.0.113.10:443 (errno 13, Permission denied)',
      evidence: /Trying to bind fd 12 to <203\.0\.113\.10:443>: errno=13$/,
      remedy: /AmbientCapabilities=CAP_NET_BIND_SERVICE/,
      severity: 'error',
    },
    {
      name: 'low port without the capability, 4.18.0 over IPv6',
      facts: down(
        ...turnserver(
          '2026-11-23T13:05:16.163+0000 WARNING Trying to bind fd 12 to <[2001:db8::10]:443>: errno=13',
          '2026-11-23T13:05:16.163+0000 ERROR Cannot bind local socket to addr: Permission denied',
          '2026-11-23T13:05:16.163+0000 WARNING Cannot bind TLS/TCP listener socket to addr [2001:db8::10]:443',
        ),
        ...exited255,
      ),
      message: /may not bind \[2001:db8::10\]:443/,
    },
    {
      name: 'the port belongs to another program, which is named',
      facts: down(
        ...turnserver(
          'bind: Address already in use',
          '0: : Trying to bind fd 16 to <203.0.113.10:443>: errno=98',
          'Cannot bind local socket to addr: Address already in use',
          '0: : Cannot bind DTLS/UDP listener socket to addr 203.0.113.10:443',
        ),
        ...exited255,
      ).with({ sockets: [{ protocol: 'tcp', ip: '0.0.0.0', port: 443, pid: 901, program: 'nginx' }] }),
      message: /: nginx \(pid 901\) holds 203\.0\.113\.10:443 \(errno 98/,
      remedy:
        /^Stop nginx \(pid 901\), or give coturn another port, then systemctl restart coturn\.service\.$/,
    },
    {
      name: 'the port belongs to a program that is not seen',
      facts: down(...turnserver('0: : Trying to bind fd 16 to <203.0.113.10:3478>: errno=98')),
      message: /another program holds 203\.0\.113\.10:3478/,
      remedy: /ss -lntup/,
    },
    {
      name: 'the address is not of this host',
      facts: down(
        ...turnserver(
          'bind: Cannot assign requested address',
          '0: : Trying to bind fd 12 to <198.51.100.7:3478>: errno=99',
          'Cannot bind local socket to addr: Cannot assign requested address',
          '0: : Cannot bind TLS/TCP listener socket to addr 198.51.100.7:3478',
        ),
      ),
      message: /198\.51\.100\.7 is no address of this host \(errno 99/,
    },
    {
      name: 'a boolean that coturn refuses, 4.6.1',
      facts: down(
        ...turnserver(
          '0: : ERROR: Unknown boolean value: perhaps. You can use on/off, yes/no, 1/0, true/false.',
        ),
        ...exited255,
      ),
      message:
        'coturn.service has failed: coturn refuses its configuration with "Unknown boolean value: perhaps"',
    },
    {
      name: 'options that exclude each other, 4.6.1: the message has a line of its own',
      facts: down(
        ...turnserver(
          '0: : ERROR: ',
          'CONFIG ERROR: Empty cli-password, and so telnet cli interface is disabled! Please set a non empty cli-password!',
          '0: : ERROR: ',
          'CONFIG ERROR: -a and -z options cannot be used together.',
        ),
        ...exited255,
      ),
      message: /"-a and -z options cannot be used together\."/,
    },
    {
      name: 'options that exclude each other, 4.18.0',
      facts: down(
        ...turnserver(
          '2026-11-23T12:55:52.819+0000 ERROR CONFIG: -a and -z options cannot be used together.',
        ),
        ...exited255,
      ),
      message: /"-a and -z options cannot be used together\."/,
    },
    {
      name: 'bps-capacity alone, 4.18.0',
      facts: down(
        ...turnserver(
          '2026-11-23T12:55:52.831+0000 ERROR CONFIG ERROR: If you set the --bps-capacity option, then you must set --max-bps options, too.',
        ),
      ),
      message: /If you set the --bps-capacity option/,
    },
    {
      name: 'a port that is none, 4.18.0',
      facts: down(
        ...turnserver('2026-11-23T12:55:54.080+0000 ERROR Invalid port value: 99999 (must be 0-65535)'),
      ),
      message: /Invalid port value: 99999/,
    },
    {
      name: 'a peer range in CIDR form, 4.18.0',
      facts: down(
        ...turnserver(
          "error resolving '10.0.0.0/8' hostname: Name or service not known",
          '2026-11-23T12:55:54.069+0000 ERROR Aborting: invalid denied-peer-ip value 10.0.0.0/8. Use IP or IP-IP range (CIDR is not supported).',
        ),
      ),
      message: /invalid denied-peer-ip value 10\.0\.0\.0\/8/,
    },
    {
      name: 'a host whose only addresses are on the loopback interface',
      facts: down(
        ...turnserver(
          '0: : NO EXPLICIT LISTENER ADDRESS(ES) ARE CONFIGURED',
          '0: : ERROR: main: Cannot configure any meaningful IP listener address',
          'Usage: turnserver [options]',
        ),
      ),
      message: /Cannot configure any meaningful IP listener address/,
    },
    {
      name: 'an option that the start command should not have',
      facts: down(
        ...turnserver(
          "/usr/bin/turnserver: unrecognized option '--no-tlsv1_1'",
          'Usage: turnserver [options]',
        ),
      ),
      message: /refuses its command line with "unrecognized option '--no-tlsv1_1'"/,
      remedy: /\/lib\/systemd\/system\/coturn\.service/,
    },
    {
      name: 'the account of the unit is missing',
      facts: deployment.with({
        service: unit(
          { active: 'failed', sub: 'failed', result: 'exit-code', mainPid: null, user: 'turn' },
          ...systemd(
            'coturn.service: Failed to determine user credentials: No such process',
            'coturn.service: Failed at step USER spawning /usr/bin/turnserver: No such process',
            'coturn.service: Main process exited, code=exited, status=217/USER',
          ),
        ),
        processes: [],
      }),
      message: /the user turn of its unit does not exist/,
    },
    {
      name: 'proc-user is missing',
      facts: down(...turnserver('0: : ERROR: Unknown user name: nosuch'), ...exited255),
      message: /Unknown user name: nosuch/,
    },
    {
      name: 'it crashes',
      facts: deployment.with({
        service: unit(
          { active: 'activating', sub: 'auto-restart', result: 'signal', restarts: 7, mainPid: null },
          ...systemd(
            'coturn.service: Main process exited, code=killed, status=11/SEGV',
            "coturn.service: Failed with result 'signal'.",
          ),
        ),
        processes: [],
      }),
      message:
        'coturn.service does not get past its start (7 restarts so far): coturn crashed with signal SEGV',
    },
    {
      name: 'it ran out of memory',
      facts: down(
        ...systemd(
          'coturn.service: A process of this unit has been killed by the OOM killer.',
          'coturn.service: Main process exited, code=killed, status=9/KILL',
          "coturn.service: Failed with result 'oom-kill'.",
        ),
      ),
      message: /want of memory/,
    },
    {
      name: 'it never reports ready',
      facts: down(
        ...systemd(
          'coturn.service: start operation timed out. Terminating.',
          "coturn.service: Failed with result 'timeout'.",
        ),
      ),
      message: /systemd did not hear in time/,
      remedy: /Type=/,
    },
    {
      name: 'its program is not there',
      facts: down(
        ...systemd(
          'coturn.service: Failed to locate executable /usr/local/bin/turnserver: No such file or directory',
          'coturn.service: Failed at step EXEC spawning /usr/local/bin/turnserver: No such file or directory',
          'coturn.service: Main process exited, code=exited, status=203/EXEC',
        ),
      ),
      message: /its program cannot be started/,
    },
    {
      name: 'a permission is denied, and nothing says more',
      facts: down(
        ...systemd('coturn.service: Failed at step EXEC spawning /usr/bin/turnserver: Permission denied'),
        ...systemd('coturn.service: Main process exited, code=exited, status=203/EXEC'),
      ),
      message: 'coturn.service has failed: user turnserver is denied a permission',
      evidence: /spawning \/usr\/bin\/turnserver: Permission denied/,
    },
    {
      name: 'an operator stopped it: older failures are not the reason',
      facts: deployment.with({
        service: unit(
          { active: 'inactive', sub: 'dead', result: 'success', mainPid: null },
          ...turnserver(
            '0: : ERROR: Unknown boolean value: perhaps. You can use on/off, yes/no, 1/0, true/false.',
          ),
          ...systemd('Stopped coTURN STUN/TURN Server.'),
        ),
        processes: [],
      }),
      message: 'coturn.service is stopped',
      evidence: /Stopped coTURN/,
      remedy: 'Run systemctl start coturn.service.',
    },
    {
      name: 'a failure from before it last worked is not the reason',
      facts: down(
        ...turnserver(
          '0: : ERROR: Unknown boolean value: perhaps. You can use on/off, yes/no, 1/0, true/false.',
          '0: : IPv4. UDP listener opened on: 203.0.113.10:3478',
        ),
        ...systemd('coturn.service: Main process exited, code=exited, status=1/FAILURE'),
      ),
      message: /^coturn\.service has failed$/,
      evidence: /status=1\/FAILURE/,
      remedy: /journalctl -u coturn\.service -n 50 says why/,
    },
    {
      name: 'messages over which coturn does not stop are not the reason',
      facts: down(
        ...turnserver(
          '0: : ERROR: Unknown group name: nosuch',
          'Cannot create pid file: /var/run/turnserver.pid: Permission denied',
          'Cannot bind CLI listener socket to addr 127.0.0.1:5766',
        ),
      ),
      message: /Unknown group name: nosuch/,
    },
    {
      name: 'it is stopped and disabled',
      facts: deployment.with({
        service: unit({ active: 'inactive', sub: 'dead', enabled: 'disabled', mainPid: null }),
        processes: [],
      }),
      evidence: 'load=loaded active=inactive sub=dead result=success',
      remedy: 'Run systemctl enable --now coturn.service.',
    },
    {
      name: 'it is masked',
      facts: deployment.with({
        service: unit({ active: 'inactive', sub: 'dead', load: 'masked', mainPid: null }),
        processes: [],
      }),
      message: /is masked/,
      remedy: /systemctl unmask coturn\.service/,
    },
    {
      name: 'a process started by hand serves in its place: nobody is cut off now',
      facts: deployment.with({
        service: failedUnit(...turnserver('0: : Trying to bind fd 16 to <203.0.113.10:3478>: errno=98')),
        processes: [
          { pid: 950, user: 'root', argv: ['turnserver'], startedAt: null, sameNetwork: true, unit: null },
        ],
        sockets: [{ protocol: 'udp', ip: '203.0.113.10', port: 3478, pid: 950, program: 'turnserver' }],
      }),
      message: /turnserver \(pid 950\) holds .*; process 950 of user root serves in its place/,
      severity: 'warning',
    },
    {
      name: 'no service and no process',
      facts: deployment.without('service', 'wire').with({ processes: [] }),
      message: 'No turnserver runs on this host',
    },
    {
      name: 'started by hand, and listening on nothing',
      facts: deployment.without('service').with({
        sockets: [{ protocol: 'tcp', ip: '0.0.0.0', port: 22, pid: 600, program: 'sshd' }],
      }),
      message: 'turnserver is up, but its process 4711 has no listening socket',
    },
    {
      name: 'a container that exited',
      facts: deployment.with({
        service: unit(
          { manager: 'docker', name: 'turn', active: 'failed', sub: 'exited', enabled: 'no', mainPid: null },
          '0: : ERROR: Unknown boolean value: perhaps. You can use on/off, yes/no, 1/0, true/false.',
        ),
        processes: [],
      }),
      message: /^turn has failed: coturn refuses/,
      remedy: /docker restart turn\.$/,
    },
    {
      name: 'the unit is active and its process listens on nothing',
      facts: deployment.with({
        service: unit({}, ...turnserver('0: : Trying to bind fd 12 to <198.51.100.7:3478>: errno=99')),
        sockets: [{ protocol: 'tcp', ip: '0.0.0.0', port: 22, pid: 600, program: 'sshd' }],
      }),
      message:
        /coturn\.service is up, but its process 4711 has no listening socket: 198\.51\.100\.7 is no address/,
    },
    {
      name: 'what an earlier start failed over may have been mended since',
      facts: down(
        ...systemd('Starting coturn.service - coTURN STUN/TURN Server...'),
        ...turnserver('0: : Trying to bind fd 12 to <198.51.100.7:49254>: errno=99'),
        ...systemd('Stopping coturn.service - coTURN STUN/TURN Server...'),
        ...systemd('Starting coturn.service - coTURN STUN/TURN Server...'),
        ...exited255,
        ...systemd('Starting coturn.service - coTURN STUN/TURN Server...', 'Failed to start coturn.service.'),
      ),
      message: /^coturn\.service has failed$/,
      evidence: /Failed to start/,
    },
    {
      name: 'what systemd repeats fails over the same thing',
      facts: down(
        ...systemd('Starting coturn.service - coTURN STUN/TURN Server...'),
        ...turnserver('0: : Trying to bind fd 12 to <198.51.100.7:49254>: errno=99'),
        ...exited255,
        ...systemd('Starting coturn.service - coTURN STUN/TURN Server...', 'Failed to start coturn.service.'),
      ),
      message: /198\.51\.100\.7 is no address/,
    },
  ],
  skips: [{ name: 'nothing is known of the host', facts: deployment.without('service', 'processes') }],
});
