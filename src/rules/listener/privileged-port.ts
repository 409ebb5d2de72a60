import { listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { grantLowPorts } from '../service-commands.ts';

const CAPABILITY = 'cap_net_bind_service';

export default defineRule({
  id: 'listener/privileged-port',
  meta: {
    title: 'A port below 1024 without the right to open it',
    effect: 'No call that needs the relay can connect',
    why: 'Only root, or a process with CAP_NET_BIND_SERVICE, may open low ports. coturn retries for a minute, exits, and is started again.',
    remedy: 'Give the service CAP_NET_BIND_SERVICE, or use a port from 1024 up.',
    severity: 'error',
    references: ['capabilities(7)', 'ip(7), ip_unprivileged_port_start'],
  },
  needs: ['config', 'version', 'kernel'],
  either: ['service', 'processes'],
  uses: ['sockets'],
  check: ({ config, version, service, kernel, processes = [], sockets = [] }) => {
    if (service?.manager === 'docker') return { skip: 'a container has its own limit for low ports' };
    const user = service ? service.user : processes.find(({ sameNetwork }) => sameNetwork)?.user;
    if (user === undefined) return { skip: 'the user coturn runs as is not known' };
    if (['', 'root'].includes(user)) return [];
    if (service?.capabilities.some(name => name.toLowerCase() === CAPABILITY)) return [];

    const settings = settingsOf(config, version.version);
    const { udp, tcp, tls, dtls } = listenerPlan(settings);
    const ports = [
      { option: 'listening-port', on: udp.on || tcp.on, port: udp.port },
      { option: 'tls-listening-port', on: tls.on || dtls.on, port: tls.port },
    ];
    return ports.flatMap(({ option, on, port }) => {
      const entry = settings.deciding(option);
      if (!on || !entry || port === 0 || port >= kernel.unprivilegedPortStart) return [];
      // A capability on the program file is not in the unit; an open port proves it.
      if (sockets.some(socket => socket.port === port && socket.program === 'turnserver')) return [];
      return [
        {
          ...atValue(entry),
          message: `${option} is ${port}, and user ${user} may only open ports from ${kernel.unprivilegedPortStart} up`,
          remedy: `Use a port above 1023, or ${grantLowPorts(service)}.`,
        },
      ];
    });
  },
});
