import privilegedPort from '../../../src/rules/listener/privileged-port.ts';
import { deployment } from '../../support/facts-builder.ts';
import { failedUnit, turnserver, unit } from '../../support/journal.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const down = deployment.with({
  service: failedUnit(...turnserver('0: : Trying to bind fd 12 to <203.0.113.10:443>: errno=13')),
  processes: [],
  sockets: [],
});
const on443 = down.removing('listening-port').adding('listening-port=443');

ruleTester(privilegedPort, {
  passes: [
    { name: 'ports above 1023', facts: deployment },
    { name: 'root', facts: on443.with({ service: unit({ user: 'root' }) }) },
    { name: 'the unit has no User=', facts: on443.with({ service: unit({ user: '' }) }) },
    {
      name: 'the capability is granted',
      facts: on443.with({ service: unit({ capabilities: ['cap_net_bind_service'] }) }),
    },
    { name: 'the kernel lets everybody', facts: on443.with({ kernel: { unprivilegedPortStart: 80 } }) },
    {
      name: 'the port is open: the program file has the capability',
      facts: on443.with({
        sockets: [{ protocol: 'tcp', ip: '203.0.113.10', port: 443, pid: 4711, program: 'turnserver' }],
      }),
    },
    {
      name: 'the TLS port is not opened at all',
      facts: down.removing('tls-listening-port').adding('tls-listening-port=443', 'no-tls', 'no-dtls'),
    },
  ],
  fails: [
    {
      name: 'listening-port 443',
      facts: on443,
      message: 'listening-port is 443, and user turnserver may only open ports from 1024 up',
      evidence: /listening-port=443/,
      remedy: /systemctl edit coturn\.service.*AmbientCapabilities=CAP_NET_BIND_SERVICE/,
      option: 'listening-port',
      severity: 'error',
    },
    {
      name: 'tls-listening-port 443',
      facts: down.removing('tls-listening-port').adding('tls-listening-port=443'),
      option: 'tls-listening-port',
      count: 1,
    },
    {
      name: 'started by hand, as the process says',
      facts: deployment
        .removing('listening-port')
        .adding('listening-port=443')
        .without('service')
        .with({ sockets: [] }),
      remedy: /setcap/,
    },
    {
      name: 'OpenRC has no drop-in: the program file gets the capability',
      facts: on443.with({ service: { ...unit({ manager: 'openrc', name: 'turnserver' }) }, sockets: [] }),
      remedy: /setcap cap_net_bind_service=\+ep/,
    },
  ],
  skips: [
    { name: 'a container', facts: on443.with({ service: unit({ manager: 'docker', name: 'turn' }) }) },
    { name: 'neither service nor process', facts: on443.without('service', 'processes') },
    { name: 'no process', facts: on443.without('service'), reason: /user/ },
  ],
});
