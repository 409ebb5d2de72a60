import { defineRule } from '../../model/rule.ts';

/** Where a service reads its file. A copy elsewhere, as in a checkout, has the mode of every other file there. */
const IN_SERVICE = /^\/(?:usr\/local\/)?etc\//;

export default defineRule({
  id: 'config/world-readable',
  meta: {
    title: 'Every user of the host may read the secrets',
    why: 'The shared secret makes credentials for anyone who has it, without a trace. Packages install the file for root and the group of the service alone.',
    remedy: 'Take the file from others: chgrp turnserver FILE && chmod 0640 FILE.',
    severity: 'warning',
  },
  needs: ['config', 'configFile'],
  uses: ['service'],
  check: ({ config, configFile: { path, mode, owner, group, missing }, service }) => {
    if (missing || (config.foundBy === 'asked' && !IN_SERVICE.test(path))) return [];
    const writable = (mode & 0o002) !== 0;
    const secret = config.entries.find(entry => entry.origin === 'file' && (entry.secret?.length ?? 0) > 0);
    if (!writable && ((mode & 0o004) === 0 || secret === undefined)) return [];
    const holds = secret === undefined ? '' : `, and holds ${secret.name} (line ${secret.line})`;
    return [
      {
        message: writable
          ? `Every user of this host may change ${path}`
          : `Every user of this host may read ${secret!.name} in ${path}`,
        at: { file: path },
        evidence: `${path} is ${owner}:${group} with mode ${mode.toString(8).padStart(4, '0')}${holds}`,
        remedy: `Run chgrp ${service?.group || 'turnserver'} ${path} && chmod 0640 ${path}.`,
        ...(writable ? { severity: 'error' as const } : {}),
      },
    ];
  },
});
