import restarting from '../../../src/rules/service/restarting.ts';
import { deployment } from '../../support/facts-builder.ts';
import { failedUnit, systemd, turnserver, unit } from '../../support/journal.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const listening = turnserver(
  '0: : IPv4. UDP listener opened on: 127.0.0.1:3478',
  '0: : IPv4. UDP listener opened on: 203.0.113.10:3478',
);

ruleTester(restarting, {
  passes: [{ name: 'it never ended by itself', facts: deployment }],
  fails: [
    {
      name: 'it crashes at each call',
      facts: deployment.with({
        service: unit(
          { restarts: 7 },
          ...listening,
          ...systemd(
            'coturn.service: Main process exited, code=killed, status=11/SEGV',
            "coturn.service: Failed with result 'signal'.",
            'coturn.service: Scheduled restart job, restart counter is at 7.',
          ),
          ...listening,
        ),
      }),
      message:
        'coturn.service was started again 7 times by its service manager: coturn crashed with signal SEGV',
      evidence: /status=11\/SEGV/,
      remedy: /min-port and max-port/,
      severity: 'warning',
    },
    {
      name: 'a container, whose log does not tell',
      facts: deployment.with({
        service: unit({ manager: 'docker', name: 'turn', restarts: 1 }, ...listening),
      }),
      message: /^turn was started again 1 time by its service manager$/,
      evidence: 'restarts=1',
      remedy: /docker logs --tail 50 turn/,
    },
  ],
  skips: [{ name: 'it is down', facts: deployment.with({ service: failedUnit() }) }],
});
