import type { ProcessFact, SocketFact } from '../../../src/model/facts.ts';
import secondInstance from '../../../src/rules/service/second-instance.ts';
import { deployment, wireAlone } from '../../support/facts-builder.ts';
import { identity, silence } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const main: ProcessFact = {
  pid: 4711,
  user: 'turnserver',
  argv: ['/usr/bin/turnserver', '-c', '/etc/turnserver.conf'],
  startedAt: '2026-01-31T08:00:00.000Z',
  sameNetwork: true,
  unit: 'coturn.service',
};

const byHand: ProcessFact = {
  ...main,
  pid: 5120,
  argv: ['turnserver', '-c', '/root/test.conf'],
  startedAt: '2026-01-31T11:00:00.000Z',
  unit: null,
};

const udp = (pid: number, ip = '203.0.113.10', port = 3478): SocketFact => ({
  protocol: 'udp',
  ip,
  port,
  pid,
  program: 'turnserver',
});

const both = (second: ProcessFact, ...sockets: SocketFact[]) =>
  deployment.with({ processes: [main, second], sockets: [udp(main.pid), ...sockets] });

const face = { realm: 'turn.example.org', software: '', nonceLength: 16, count: 11 };

ruleTester(secondInstance, {
  passes: [
    { name: 'one process', facts: deployment },
    { name: 'two processes on ports of their own', facts: both(byHand, udp(5120, '203.0.113.10', 3480)) },
    { name: 'two processes on addresses of their own', facts: both(byHand, udp(5120, '203.0.113.11')) },
    {
      name: 'a container with a network of its own',
      facts: both({ ...byHand, sameNetwork: false, unit: '8c2b1f' }, udp(5120)),
    },
    { name: 'twenty answers of one server', facts: wireAlone.seeing(identity()) },
    {
      name: 'a wrong credential: every request is refused',
      facts: wireAlone.seeing(identity({ rejected: 4 })),
    },
  ],
  fails: [
    {
      name: 'same user: the kernel spreads clients',
      facts: both(byHand, udp(5120)),
      message:
        'Processes 4711 and 5120 are both turnserver on port 3478/udp: the kernel spreads clients over both',
      evidence:
        'pid 4711: user turnserver, coturn.service, since 2026-01-31T08:00:00.000Z; pid 5120: user turnserver, started by hand',
      remedy: /kill 5120/,
      severity: 'error',
    },
    {
      name: 'another user: the newer one takes all UDP',
      facts: both({ ...byHand, user: 'root' }, udp(5120, '0.0.0.0')),
      message: /all UDP goes to the newer one, of user root/,
    },
    {
      name: 'two units',
      facts: both({ ...byHand, unit: 'turnserver-jitsi.service' }, udp(5120)),
      remedy: /systemctl disable --now turnserver-jitsi\.service/,
    },
    {
      name: 'a container on the network of the host',
      facts: both({ ...byHand, unit: '8c2b1f' }, udp(5120)),
      remedy: /docker stop 8c2b1f/,
    },
    {
      name: 'the wire: two realms',
      facts: wireAlone.seeing(identity({ faces: [face, { ...face, realm: 'test', count: 9 }] })),
      message:
        /^203\.0\.113\.10:3478\/udp does not answer as one server: two turnserver processes share the port/,
      evidence: /11 with realm "turn\.example\.org".* and 9 with realm "test"/,
    },
    {
      name: 'the wire: 438 on the first try',
      facts: wireAlone.seeing(identity({ staleOnFirstTry: 2 })),
      evidence: '2 of 4 requests met 438 (Stale Nonce) with a nonce just issued',
    },
    {
      name: 'the wire: some of the same requests are refused',
      facts: wireAlone.seeing(identity({ rejected: 2 })),
      evidence: '2 of 4 requests with the same credential met 401',
    },
    {
      name: 'the wire disagrees although one process runs: it is in front of the host',
      facts: deployment.seeing(identity({ staleOnFirstTry: 1 })),
      message: /only one turnserver runs on this host/,
      remedy: /same server/,
    },
  ],
  skips: [
    { name: 'neither host nor wire', facts: deployment.without('processes', 'wire') },
    { name: 'a silent server', facts: wireAlone.seeing({ ...identity(), ...silence } as never) },
  ],
});
