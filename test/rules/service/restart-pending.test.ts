import restartPending from '../../../src/rules/service/restart-pending.ts';
import { configPath, deployment } from '../../support/facts-builder.ts';
import { failedUnit, unit } from '../../support/journal.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const changedAt = (modifiedAt: string) =>
  deployment.with({
    configFile: {
      path: configPath,
      owner: 'root',
      group: 'turnserver',
      mode: 0o640,
      modifiedAt,
      readableByService: true,
    },
  });

const later = changedAt('2026-01-31T09:30:00.000Z');

ruleTester(restartPending, {
  passes: [
    { name: 'the file is older than the process', facts: deployment },
    { name: 'written and started within the same second', facts: changedAt('2026-01-31T08:00:00.700Z') },
  ],
  fails: [
    {
      name: 'edited since',
      facts: later,
      message: '/etc/turnserver.conf changed after coturn was started, which works with its earlier state',
      evidence:
        'file changed at 2026-01-31T09:30:00.000Z, coturn.service started at 2026-01-31T08:00:00.000Z',
      remedy: /systemctl restart coturn\.service/,
      severity: 'warning',
    },
    {
      name: 'the start is known from the process alone',
      facts: later.with({ service: unit({ startedAt: null }) }),
    },
    { name: 'started by hand', facts: later.without('service'), remedy: /restart turnserver/ },
  ],
  skips: [
    { name: 'it is down', facts: later.with({ service: failedUnit() }) },
    {
      name: 'there is no file',
      facts: deployment.with({
        configFile: {
          path: configPath,
          owner: '',
          group: '',
          mode: 0,
          modifiedAt: '',
          readableByService: null,
          missing: true,
        },
      }),
    },
    {
      name: 'the start is not known',
      facts: later.with({ service: unit({ startedAt: null }), processes: [] }),
    },
  ],
});
