import unknownUser from '../../../src/rules/service/unknown-user.ts';
import { deployment } from '../../support/facts-builder.ts';
import { systemd, unit } from '../../support/journal.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(unknownUser, {
  passes: [
    { name: 'no account is named', facts: deployment },
    {
      name: 'an old failure of a unit that runs again',
      facts: deployment.with({
        service: unit({}, ...systemd('coturn.service: Main process exited, code=exited, status=217/USER')),
      }),
    },
  ],
  fails: [
    {
      name: 'proc-user',
      facts: deployment
        .adding('proc-user=turn')
        .with({ accounts: { missing: [{ option: 'proc-user', name: 'turn' }] } }),
      message: 'proc-user names the user "turn", which this host does not have',
      remedy: /adduser --system --group turn/,
      option: 'proc-user',
      line: 22,
    },
    {
      name: 'proc-group',
      facts: deployment
        .adding('proc-group=turn')
        .with({ accounts: { missing: [{ option: 'proc-group', name: 'turn' }] } }),
      message: 'proc-group names the group "turn", which this host does not have',
    },
    {
      name: 'User= of the unit',
      facts: deployment.with({
        service: unit(
          { active: 'failed', result: 'exit-code', user: 'turn' },
          ...systemd('coturn.service: Main process exited, code=exited, status=217/USER'),
        ),
      }),
      message: 'coturn.service is to run as the user "turn", which this host does not have',
      evidence: /status=217\/USER/,
    },
  ],
  skips: [{ name: 'nothing is known of the host', facts: deployment.without('accounts', 'service') }],
});
