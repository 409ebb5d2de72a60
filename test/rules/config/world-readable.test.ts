import rule from '../../../src/rules/config/world-readable.ts';
import { configPath, deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const { configFile, config } = deployment.facts;
if (!configFile.known || !config.known) throw new Error('the healthy deployment has a file');
const file = configFile.value;
const withMode = (mode: number, facts = deployment) => facts.with({ configFile: { ...file, mode } });
const checkout = { ...config.value, foundBy: 'asked' as const };

ruleTester(rule, {
  passes: [
    { name: "Debian's mode", facts: deployment },
    { name: 'nothing to hide', facts: withMode(0o644, deployment.removing('static-auth-secret')) },
    {
      name: 'a file of a checkout',
      facts: deployment.with({ config: checkout, configFile: { ...file, path: 'turn.conf', mode: 0o644 } }),
    },
    { name: 'no file', facts: deployment.with({ configFile: { ...file, mode: 0, missing: true } }) },
  ],
  fails: [
    {
      name: 'a secret for all to read',
      facts: withMode(0o644),
      severity: 'warning',
      message: `may read static-auth-secret in ${configPath}`,
      evidence: /root:turnserver with mode 0644, and holds static-auth-secret \(line 9\)/,
      remedy: /chmod 0640/,
    },
    { name: 'the same, of a file that was named', facts: withMode(0o644).with({ config: checkout }) },
    { name: 'a file for all to write', facts: withMode(0o666), severity: 'error', message: /may change/ },
  ],
  skips: [
    {
      name: 'standard input',
      facts: { facts: { ...deployment.facts, configFile: { known: false, reason: 'standard input' } } },
    },
  ],
});
