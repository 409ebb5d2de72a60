import { listenerPlan } from '../config/effective.ts';
import type { Settings } from '../config/settings.ts';
import type { InterfaceAddress } from '../model/facts.ts';
import type { ServerUri } from '../model/target.ts';
import { type ListenerSettings, remoteTargets, wireTargets } from './wire-targets.ts';

/** Where the coturn of a host is to be probed: from the host itself, or from here when it is another machine. */
export function targetsOf(
  settings: Settings,
  addresses: readonly InterfaceAddress[],
  remote: { readonly address: string | null } | undefined,
): readonly ServerUri[] {
  const { ips, udp, tcp, tls } = listenerPlan(settings);
  const listeners: ListenerSettings = {
    listeningIps: ips,
    listeningPort: udp.port,
    tlsPort: tls.port,
    udp: udp.on,
    tcp: tcp.on,
    tls: tls.on,
    addresses,
  };
  if (remote === undefined) return wireTargets(listeners);
  const external = settings.list('external-ip').map(value => value.split('/')[0] ?? '');
  return remoteTargets(listeners, { external, reached: remote.address });
}
