import type { ServiceFact } from '../model/facts.ts';
import { controlOf } from '../model/service-control.ts';

/** `systemctl restart coturn.service`, or what does the same under this host's service manager. */
export const restartCommand = (service: ServiceFact | undefined): string => command(service, 'restart');

export const startCommand = (service: ServiceFact | undefined): string => command(service, 'start');

const command = (service: ServiceFact | undefined, verb: 'start' | 'restart'): string =>
  (service && controlOf(service)?.[verb](service).join(' ')) ?? `${verb} turnserver`;

/** Where the service says more than turnctl quotes. */
export const journalCommand = (service: ServiceFact): string =>
  controlOf(service)?.journal(service, 50)?.join(' ') ?? 'its log';

/** How to make coturn read certificate and key again without ending calls; SIGHUP only reopens the log. */
export const reloadCertificateCommand = (service: ServiceFact | undefined): string =>
  (service && controlOf(service)?.signal(service, 'USR2')?.join(' ')) ??
  'kill -USR2 with the process id of turnserver';

/** The capability that lets a user other than root open ports below 1024, and how to grant it here. */
export function grantLowPorts(service: ServiceFact | undefined): string {
  if (service?.manager === 'systemd') {
    return `run systemctl edit ${service.name}, add "[Service]" and "AmbientCapabilities=CAP_NET_BIND_SERVICE", then ${restartCommand(service)}`;
  }
  return `run setcap cap_net_bind_service=+ep /usr/bin/turnserver, then ${restartCommand(service)}`;
}
