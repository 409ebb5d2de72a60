import { describe, expect, test } from 'vitest';
import { cloudCommands } from '../../src/fixes/cloud-commands.ts';
import { CLOUDS, cloudOf } from '../../src/host/cloud.ts';
import type { NeededDoor } from '../../src/model/firewall.ts';
import { UDP } from '../support/rulesets.ts';

const DOORS: readonly NeededDoor[] = [
  UDP,
  { ...UDP, use: 'tls', protocol: 'tcp', from: 5349, to: 5349, families: ['ipv4'] },
  { ...UDP, use: 'relay', from: 49_152, to: 65_535, families: ['ipv4'] },
];

test.each([
  ['Amazon EC2\nt3.small\n\nAmazon EC2\nAmazon EC2', 'aws'],
  ['Google\nGoogle Compute Engine\n\nGoogle\nGoogle', 'google'],
  ['Microsoft Corporation\nVirtual Machine\n7783-7084-3265-9085-8269-3286-77\n', 'azure'],
  ['Microsoft Corporation\nVirtual Machine\n1234\n', null],
  ['Hetzner\nvServer', 'hetzner'],
  ['DigitalOcean\nDroplet', 'digitalocean'],
  ['Vultr\nVC2', 'vultr'],
  ['QEMU\nStandard PC', null],
  ['', null],
])('%j', (names, cloud) => {
  expect(cloudOf(names)).toBe(cloud);
});

describe.each(CLOUDS)('%s', cloud => {
  test('names every port once for each family, or both together', () => {
    const text = cloudCommands(cloud, DOORS).join('\n');
    for (const port of ['3478', '5349', '49152', '65535']) expect(text).toContain(port);
    expect(text).not.toContain('undefined');
  });

  test('nothing needed, nothing to run', () => {
    expect(cloudCommands(cloud, [])).toEqual([]);
  });
});

test('AWS, with both families in one permission', () => {
  expect(cloudCommands('aws', DOORS)[0]).toBe(
    "aws ec2 authorize-security-group-ingress --group-id GROUP_ID --ip-permissions 'IpProtocol=udp,FromPort=3478,ToPort=3478,IpRanges=[{CidrIp=0.0.0.0/0}],Ipv6Ranges=[{CidrIpv6=::/0}]'",
  );
});

test('Google, which takes one family a rule', () => {
  expect(cloudCommands('google', DOORS)).toEqual([
    'gcloud compute firewall-rules create coturn-ipv4 --network NETWORK --direction INGRESS --allow udp:3478,tcp:5349,udp:49152-65535 --source-ranges 0.0.0.0/0 --target-tags TAG',
    'gcloud compute firewall-rules create coturn-ipv6 --network NETWORK --direction INGRESS --allow udp:3478 --source-ranges ::/0 --target-tags TAG',
  ]);
});
