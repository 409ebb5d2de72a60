import rule from '../../../src/rules/version/broken-release.ts';
import { deployment, fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: "Debian's release", facts: deployment },
    { name: 'the release that mended the TTL', facts: fileAlone.asVersion('4.17.2') },
    { name: 'no UDP, no TTL', facts: fileAlone.asVersion('4.17.0').adding('no-udp') },
    {
      name: 'a reason text of its own',
      facts: fileAlone.asVersion('4.10.0').adding('include-reason-string'),
    },
    { name: 'relay-threads, mended', facts: fileAlone.asVersion('4.14.0').adding('relay-threads=4') },
    { name: 'no relay-threads', facts: fileAlone.asVersion('4.8.0') },
    {
      name: 'another program',
      facts: fileAlone.withConfig('eturnal:', 'hostname:', 'relay_min_port:').asVersion('4.17.0'),
    },
  ],
  fails: [
    {
      name: 'answers with TTL 1',
      facts: fileAlone.asVersion('4.17.1'),
      severity: 'error',
      message: /4\.17\.1 UDP answers leave with IP TTL 1/,
      evidence: /affected 4\.17\.0 to before 4\.17\.2/,
      remedy: /4\.17\.2 or later/,
    },
    {
      name: 'error answers with bytes of the stack',
      facts: fileAlone.asVersion('4.10.0'),
      severity: 'warning',
      message: /bytes of the stack/,
      remedy: /until then add include-reason-string/,
    },
    {
      name: 'relay-threads without effect',
      facts: fileAlone.asVersion('4.12.0').adding('relay-threads=4'),
      severity: 'warning',
      option: 'relay-threads',
      evidence: /relay-threads=4/,
    },
  ],
});
