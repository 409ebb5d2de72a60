import type { ServiceFact } from '../model/facts.ts';

/** `systemctl restart coturn.service`, or what does the same under this host's service manager. */
export const restartCommand = (service: ServiceFact | undefined): string => command(service, 'restart');

export const startCommand = (service: ServiceFact | undefined): string => command(service, 'start');

function command(service: ServiceFact | undefined, verb: 'start' | 'restart'): string {
  switch (service?.manager) {
    case 'systemd':
      return `systemctl ${verb} ${service.name}`;
    case 'docker':
      return `docker ${verb} ${service.name}`;
    case 'openrc':
      return `rc-service ${service.name} ${verb}`;
    default:
      return `${verb} turnserver`;
  }
}

/** Where the service says more than turnctl quotes. */
export function journalCommand(service: ServiceFact): string {
  switch (service.manager) {
    case 'systemd':
      return `journalctl -u ${service.name} -n 50`;
    case 'docker':
      return `docker logs --tail 50 ${service.name}`;
    default:
      return 'its log';
  }
}

/** How to make coturn read certificate and key again without ending calls; SIGHUP only reopens the log. */
export function reloadCertificateCommand(service: ServiceFact | undefined): string {
  if (service?.manager === 'systemd') return `systemctl kill -s USR2 ${service.name}`;
  if (service?.manager === 'docker') return `docker kill -s USR2 ${service.name}`;
  return 'kill -USR2 with the process id of turnserver';
}

/** The capability that lets a user other than root open ports below 1024, and how to grant it here. */
export function grantLowPorts(service: ServiceFact | undefined): string {
  if (service?.manager === 'systemd') {
    return `run systemctl edit ${service.name}, add "[Service]" and "AmbientCapabilities=CAP_NET_BIND_SERVICE", then ${restartCommand(service)}`;
  }
  return `run setcap cap_net_bind_service=+ep /usr/bin/turnserver, then ${restartCommand(service)}`;
}
