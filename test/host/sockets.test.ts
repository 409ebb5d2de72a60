import { expect, test } from 'vitest';
import { parseSockets } from '../../src/host/sockets.ts';

test('ss as root: threads of one process are one socket, * is every address of both families', () => {
  const text = `udp UNCONN 0      0      127.0.0.1:3478 0.0.0.0:* users:(("turnserver",pid=295,fd=19))
udp UNCONN 0      0      127.0.0.1:3478 0.0.0.0:* users:(("turnserver",pid=295,fd=18))
udp UNCONN 0      0      127.0.0.1:3478 0.0.0.0:* users:(("turnserver",pid=411,fd=18))
udp   UNCONN 0      0      [fe80::fc:ff:fe00:1]%eth0:546         [::]:*    users:(("dhclient",pid=70,fd=5))
udp UNCONN 0      0      127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=60,fd=13))
tcp LISTEN 0      4096           *:22         *:*  users:(("sshd",pid=97,fd=3),("systemd",pid=1,fd=75))
tcp LISTEN 0      1024        [::]:5349     [::]:*  users:(("turnserver",pid=295,fd=17))
`;
  expect(parseSockets(text)).toEqual([
    { protocol: 'udp', ip: '127.0.0.1', port: 3478, program: 'turnserver', pid: 295 },
    { protocol: 'udp', ip: '127.0.0.1', port: 3478, program: 'turnserver', pid: 411 },
    { protocol: 'udp', ip: 'fe80::fc:ff:fe00:1', port: 546, program: 'dhclient', pid: 70 },
    { protocol: 'udp', ip: '127.0.0.53', port: 53, program: 'systemd-resolve', pid: 60 },
    { protocol: 'tcp', ip: '0.0.0.0', port: 22, program: 'sshd', pid: 97 },
    { protocol: 'tcp', ip: '0.0.0.0', port: 22, program: 'systemd', pid: 1 },
    { protocol: 'tcp', ip: '::', port: 22, program: 'sshd', pid: 97 },
    { protocol: 'tcp', ip: '::', port: 22, program: 'systemd', pid: 1 },
    { protocol: 'tcp', ip: '::', port: 5349, program: 'turnserver', pid: 295 },
  ]);
});

test('ss as another user: no owners', () => {
  expect(parseSockets('tcp   LISTEN 0      128    192.0.2.7:3478      0.0.0.0:*          \n')).toEqual([
    { protocol: 'tcp', ip: '192.0.2.7', port: 3478, program: null, pid: null },
  ]);
});
