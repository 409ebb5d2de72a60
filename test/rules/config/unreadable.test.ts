import unreadable from '../../../src/rules/config/unreadable.ts';
import { configPath, deployment } from '../../support/facts-builder.ts';
import { turnserver, unit } from '../../support/journal.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const file = {
  path: configPath,
  owner: 'root',
  group: 'root',
  mode: 0o600,
  modifiedAt: '2026-01-30T08:00:00.000Z',
  readableByService: false,
};

ruleTester(unreadable, {
  passes: [{ name: 'root:turnserver 0640', facts: deployment }],
  fails: [
    {
      name: 'root only, 4.6.1',
      facts: deployment.with({
        configFile: file,
        service: unit(
          {},
          ...turnserver(
            '0: : WARNING: Cannot find config file: /etc/turnserver.conf. Default and command-line settings will be used.',
          ),
        ),
      }),
      message: '/etc/turnserver.conf cannot be read by user turnserver',
      evidence: /root:root with mode 0600; .*Cannot find config file: \/etc\/turnserver\.conf/,
      remedy:
        'Run chgrp turnserver /etc/turnserver.conf && chmod 0640 /etc/turnserver.conf, then systemctl restart coturn.service.',
      severity: 'error',
    },
    {
      name: 'a folder on the way keeps the user out',
      facts: deployment.with({
        configFile: {
          ...file,
          path: '/root/turn/turnserver.conf',
          mode: 0o644,
          blockedAt: '/root',
          blockedBecause: 'turnserver may not enter it',
        },
      }),
      message: '/root/turn/turnserver.conf cannot be read by user turnserver, whom /root keeps out',
      evidence: /\/root: turnserver may not enter it/,
      remedy: /\/root/,
    },
    {
      name: 'there is no such file',
      facts: deployment.with({ configFile: { ...file, mode: 0, modifiedAt: '', missing: true } }),
      message: '/etc/turnserver.conf, which coturn is told to read, does not exist',
      remedy: /correct -c/,
    },
  ],
  skips: [
    {
      name: 'the user is not known',
      facts: deployment.with({ configFile: { ...file, readableByService: null } }),
      reason: /not known/,
    },
  ],
});
