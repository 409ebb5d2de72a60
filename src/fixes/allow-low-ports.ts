import type { Repair } from './repair.ts';

/** The drop-in of a unit with which a service that is not root may open ports below 1024. */
export const lowPortsFile = (unit: string): string => `/etc/systemd/system/${unit}.d/turnctl-low-ports.conf`;

const CONTENT = `# Ports below 1024 for a service that is not root.
[Service]
AmbientCapabilities=CAP_NET_BIND_SERVICE
`;

/** Lets the service open ports below 1024. */
export const allowLowPorts: Repair = {
  rules: ['listener/privileged-port'],
  plan({ facts, found, at }) {
    const { service } = facts;
    if (found('listener/privileged-port').length === 0) return null;
    if (!service.known || service.value.manager !== 'systemd') return null;
    const path = lowPortsFile(service.value.name);
    const folder = path.replace(/\/[^/]*$/, '');
    if (at(path) !== 'absent') return null;
    const why = 'gives the service the right to open ports below 1024, and no other';
    return {
      steps: [
        ...(at(folder) === 'absent'
          ? ([
              { kind: 'run', argv: ['mkdir', folder], undo: ['rmdir', folder], why: 'for the next step' },
            ] as const)
          : []),
        { kind: 'put-file', path, expectSha256: 'absent', content: CONTENT, why },
      ],
      needs: 'reload-units-and-restart',
    };
  },
};
