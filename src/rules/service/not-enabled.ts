import { defineRule } from '../../model/rule.ts';

export default defineRule({
  id: 'service/not-enabled',
  meta: {
    title: 'coturn does not start with the host',
    why: 'The service runs because somebody started it. After the next reboot it stays down until somebody does so again.',
    remedy: 'Enable the service.',
    severity: 'warning',
  },
  needs: ['service'],
  check: ({ service }) => {
    if (service.active !== 'active') return { skip: `${service.name} is not running` };
    if (service.manager === 'none') return { skip: 'no service manager is in charge of coturn' };
    if (service.enabled !== 'disabled') return [];
    return [
      {
        message: `${service.name} runs, but is not enabled: after a reboot it stays down`,
        evidence: `enabled=${service.enabled}`,
        remedy: enableAdvice(service.manager, service.name),
      },
    ];
  },
});

function enableAdvice(manager: 'systemd' | 'docker' | 'openrc', name: string): string {
  switch (manager) {
    case 'systemd':
      return `Run systemctl enable ${name}.`;
    case 'docker':
      return `Run docker update --restart unless-stopped ${name}.`;
    case 'openrc':
      return `Run rc-update add ${name} default.`;
  }
}
