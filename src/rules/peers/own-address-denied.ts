import { isPeerDenied } from '../../config/peer-policy.ts';
import { settingsOf } from '../../config/settings.ts';
import type { InterfaceAddress } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { formatIp, parseIp } from '../../util/ip.ts';
import { parseIpRange, rangesContain } from '../../util/ip-range.ts';
import { atEntry, quoted } from '../evidence.ts';
import { externalIps, plainExternalIp } from '../external-ip.ts';
import { hasOwnNetwork, relayAddresses } from '../relay-addresses.ts';

/** Interfaces of containers, virtual machines and tunnels: coturn may relay from them, but nobody means it to. */
const INNER_INTERFACE = /^(?:docker|br-|veth|virbr|lxc|lxd|cni|flannel|cali|podman|wg|tun|tap)/;

export default defineRule({
  id: 'peers/own-address-denied',
  meta: {
    title: 'The relay denies its own address',
    effect: 'Two clients that both need the relay cannot talk to each other',
    why: 'When both sides of a call use this relay, each is a peer of the other at a relayed address. coturn turns its public address back into the private one before it looks at the lists, and a denied range covers that: CreatePermission gets 403. Only the form external-ip=PUBLIC/PRIVATE makes an exception for PRIVATE by itself.',
    remedy: 'Write external-ip=PUBLIC/PRIVATE, or add allowed-peer-ip=PRIVATE, and restart coturn.',
    severity: 'error',
    explainedBy: [
      'nat/external-ip-reversed',
      'nat/external-ip-invalid',
      'nat/external-ip-unmapped',
      'config/inline-comment',
    ],
    references: ['coturn issue 584'],
  },
  needs: ['config', 'version'],
  uses: ['addresses', 'service', 'containers'],
  check: ({ config, version: { version }, addresses, service, containers }) => {
    const settings = settingsOf(config, version);
    const denied = settings.entries('denied-peer-ip');
    if (denied.length === 0) return [];
    const own = hasOwnNetwork(service, containers) ? undefined : addresses?.filter(isOuter);
    const relay = relayAddresses(settings, own);
    if (relay === null) return { skip: 'neither relay-ip nor the addresses of the host are known' };
    const plain = plainExternalIp(settings);

    return relay.ips
      .filter(ip => isPeerDenied(settings, ip))
      .flatMap(ip => {
        const address = formatIp(ip);
        const line = denied.find(entry => {
          const range = parseIpRange(entry.value ?? '');
          return range !== null && rangesContain([range], ip);
        });
        // Refused whatever the lists say: loopback, or a range that this version never relays to.
        if (line === undefined) return [];
        const publicIp = plain?.publicIp ? formatIp(plain.publicIp) : null;
        return [
          {
            message: `${line.name}=${line.value} covers ${address}, the relay's own address`,
            ...atEntry(line),
            evidence: [line, ...(plain === undefined ? [] : [plain.entry])].map(quoted).join('; '),
            remedy:
              publicIp !== null && parseIp(publicIp)?.family === ip.family
                ? `Write external-ip=${publicIp}/${address} in line ${plain!.entry.line}, and restart coturn.`
                : `Add allowed-peer-ip=${address}${externalIps(settings).length === 0 ? '' : ', or map it with external-ip=PUBLIC/PRIVATE'}, and restart coturn.`,
          },
        ];
      });
  },
});

const isOuter = (address: InterfaceAddress): boolean => !INNER_INTERFACE.test(address.interface);
