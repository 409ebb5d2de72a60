import addressNotLocal from '../../../src/rules/listener/address-not-local.ts';
import { deployment } from '../../support/facts-builder.ts';
import { unit } from '../../support/journal.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const listeningOn = (...ips: string[]) =>
  deployment.removing('listening-ip').adding(...ips.map(ip => `listening-ip=${ip}`));

const docker = unit({ manager: 'docker', name: 'turn' });
const container = {
  id: '8c2b1f',
  name: 'turn',
  image: 'coturn/coturn',
  networkMode: 'bridge',
  published: [],
};

ruleTester(addressNotLocal, {
  passes: [
    { name: 'an address of the host', facts: deployment },
    { name: 'no listening-ip', facts: listeningOn() },
    { name: 'every address', facts: listeningOn('0.0.0.0', '::') },
    { name: 'loopback', facts: listeningOn('127.0.0.2', '::1') },
    { name: 'a name, which coturn resolves', facts: listeningOn('turn.example.org') },
    {
      name: 'another spelling of an IPv6 address',
      facts: listeningOn('2001:0db8:0:0::10').with({
        addresses: [{ interface: 'eth0', ip: '2001:db8::10', prefixLength: 64, scope: 'global' }],
      }),
    },
  ],
  fails: [
    {
      name: 'the public address of a cloud host',
      facts: listeningOn('198.51.100.7').with({
        addresses: [{ interface: 'eth0', ip: '10.0.0.5', prefixLength: 24, scope: 'global' }],
      }),
      message: 'listening-ip is 198.51.100.7, which no interface of this host has',
      evidence: /listening-ip=198\.51\.100\.7; this host has 10\.0\.0\.5$/,
      remedy: /listening-ip=10\.0\.0\.5, and external-ip=198\.51\.100\.7\/10\.0\.0\.5/,
      severity: 'error',
    },
    {
      name: 'IPv6 on a host without it',
      facts: listeningOn('2001:db8::10'),
      evidence: /no address of that family/,
    },
    {
      name: 'a container on the network of the host',
      facts: listeningOn('198.51.100.7').with({
        service: docker,
        containers: [{ ...container, networkMode: 'host' }],
      }),
      remedy: /docker restart turn/,
    },
  ],
  skips: [
    {
      name: 'a container has addresses of its own',
      facts: listeningOn('172.17.0.2').with({ service: docker, containers: [container] }),
    },
  ],
});
