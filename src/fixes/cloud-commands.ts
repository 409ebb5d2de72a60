import type { Cloud } from '../host/cloud.ts';
import type { NeededDoor } from '../model/firewall.ts';
import type { Family } from '../model/transport.ts';
import { formatPortRange } from '../util/port-range.ts';

/** Anybody, in one family. */
const ANYBODY: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' };

/**
 * Commands that let the needed doors in at the cloud's own firewall, which nothing on the host shows: for the operator to
 * fill in (names in capitals) and run. turnctl runs none of them.
 */
export const cloudCommands = (cloud: Cloud, needed: readonly NeededDoor[]): string[] =>
  needed.length === 0 ? [] : COMMANDS[cloud](needed);

const COMMANDS: Readonly<Record<Cloud, (needed: readonly NeededDoor[]) => string[]>> = {
  aws: needed =>
    needed.map(door => {
      const permission = [
        `IpProtocol=${door.protocol}`,
        `FromPort=${door.from}`,
        `ToPort=${door.to}`,
        ...(door.families.includes('ipv4') ? ['IpRanges=[{CidrIp=0.0.0.0/0}]'] : []),
        ...(door.families.includes('ipv6') ? ['Ipv6Ranges=[{CidrIpv6=::/0}]'] : []),
      ];
      return `aws ec2 authorize-security-group-ingress --group-id GROUP_ID --ip-permissions '${permission.join(',')}'`;
    }),
  azure: needed =>
    (['udp', 'tcp'] as const).flatMap((protocol, i) => {
      const ports = needed.filter(it => it.protocol === protocol).map(formatPortRange);
      return ports.length === 0
        ? []
        : [
            `az network nsg rule create --resource-group GROUP --nsg-name NSG --name coturn-${protocol} --priority ${PRIORITY + i} --direction Inbound --access Allow --protocol ${protocol === 'udp' ? 'Udp' : 'Tcp'} --source-address-prefixes '*' --destination-port-ranges ${ports.join(' ')}`,
          ];
    }),
  digitalocean: needed => [
    `doctl compute firewall add-rules FIREWALL_ID --inbound-rules '${needed.map(door => `protocol:${door.protocol},ports:${formatPortRange(door)},${addresses(door, ip => `address:${ip}`, ',')}`).join(' ')}'`,
  ],
  google: needed =>
    (['ipv4', 'ipv6'] as const).flatMap(family => {
      const allow = needed
        .filter(({ families }) => families.includes(family))
        .map(door => `${door.protocol}:${formatPortRange(door)}`);
      return allow.length === 0
        ? []
        : [
            `gcloud compute firewall-rules create coturn-${family} --network NETWORK --direction INGRESS --allow ${allow.join(',')} --source-ranges ${ANYBODY[family]} --target-tags TAG`,
          ];
    }),
  hetzner: needed =>
    needed.map(
      door =>
        `hcloud firewall add-rule FIREWALL --direction in --protocol ${door.protocol} --port ${formatPortRange(door)} ${addresses(door, ip => `--source-ips ${ip}`, ' ')}`,
    ),
  vultr: needed =>
    needed.flatMap(door =>
      door.families.map(family => {
        const [type, subnet] = family === 'ipv4' ? ['v4', '0.0.0.0'] : ['v6', '::'];
        return `vultr-cli firewall rule create GROUP_ID --ip-type ${type} --protocol ${door.protocol} --port ${formatPortRange(door).replace('-', ':')} --subnet ${subnet} --size 0`;
      }),
    ),
};

/** Of the first of Azure's rules: low numbers go first, and 4096 is the last. */
const PRIORITY = 310;

const addresses = ({ families }: NeededDoor, word: (ip: string) => string, between: string): string =>
  families.map(family => word(ANYBODY[family])).join(between);
