import rule from '../../../src/rules/tls/no-usable-version.ts';
import { fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { serverAddress } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'TLS 1.2', facts: fileAlone },
    { name: 'TLS 1.3 is left', facts: fileAlone.adding('no-tlsv1_2').asVersion('4.6.2') },
    { name: 'TLS 1.3 works beside no-tcp', facts: fileAlone.adding('no-tlsv1_2', 'no-tcp') },
    { name: 'no TLS at all', facts: fileAlone.adding('no-tlsv1_2', 'no-tls') },
  ],
  fails: [
    {
      name: 'none is left in 4.6.1',
      facts: fileAlone.adding('no-tlsv1_2'),
      option: 'no-tlsv1_2',
      severity: 'error',
    },
    {
      name: 'on the wire',
      facts: wireAlone.seeing({
        probe: 'tls-handshake',
        uri: 'turns:203.0.113.10:5349?transport=tcp',
        transport: 'tls',
        server: serverAddress,
        stagesMs: {},
        outcome: 'tls-failed',
        error: 'tlsv1 alert protocol version',
      }),
      evidence: /protocol version/,
    },
  ],
  skips: [{ name: 'no handshake', facts: wireAlone }],
});
