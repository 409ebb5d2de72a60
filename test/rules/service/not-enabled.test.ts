import notEnabled from '../../../src/rules/service/not-enabled.ts';
import { deployment } from '../../support/facts-builder.ts';
import { failedUnit, unit } from '../../support/journal.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(notEnabled, {
  passes: [
    { name: 'enabled', facts: deployment },
    {
      name: 'static: another unit pulls it in',
      facts: deployment.with({ service: unit({ enabled: 'static' }) }),
    },
  ],
  fails: [
    {
      name: 'started by hand, and disabled',
      facts: deployment.with({ service: unit({ enabled: 'disabled' }) }),
      message: 'coturn.service runs, but is not enabled: after a reboot it stays down',
      remedy: 'Run systemctl enable coturn.service.',
      severity: 'warning',
    },
    {
      name: 'OpenRC',
      facts: deployment.with({
        service: unit({ manager: 'openrc', name: 'turnserver', enabled: 'disabled' }),
      }),
      remedy: 'Run rc-update add turnserver default.',
    },
  ],
  skips: [{ name: 'it is down', facts: deployment.with({ service: failedUnit() }), reason: /not running/ }],
});
