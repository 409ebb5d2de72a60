import rule from '../../../src/rules/listener/management-reachable.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { complete } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const ports = (state: 'open' | 'closed', ip = '203.0.113.10') =>
  wireAlone.seeing(
    complete(
      'management-ports',
      { ports: [{ port: 5766, purpose: 'command line (cli-port)', state }] },
      { ip },
    ),
  );

ruleTester(rule, {
  passes: [{ name: 'closed', facts: ports('closed') }],
  fails: [
    { name: 'open', facts: ports('open'), message: /5766, command line/, evidence: /5766 were accepted/ },
  ],
  skips: [
    { name: 'not tried', facts: wireAlone, reason: /probe peers/ },
    { name: 'from the server itself', facts: ports('open', '127.0.0.1'), reason: /server itself/ },
  ],
});
