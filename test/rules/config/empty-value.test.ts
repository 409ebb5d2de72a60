import rule from '../../../src/rules/config/empty-value.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'values everywhere', facts: fileAlone },
    { name: 'flags need none', facts: fileAlone.adding('fingerprint=') },
    { name: 'a later line decides', facts: fileAlone.adding('proc-user=', 'proc-user=turnserver') },
  ],
  fails: [
    { name: 'max-port', facts: fileAlone.adding('max-port='), message: /crashes/, severity: 'error' },
    { name: 'min-port', facts: fileAlone.adding('min-port='), message: /below 1024/, severity: 'warning' },
    { name: 'listening-ip', facts: fileAlone.adding('listening-ip='), severity: 'warning' },
    { name: 'denied-peer-ip', facts: fileAlone.adding('denied-peer-ip='), message: /denies every peer/ },
    { name: 'allowed-peer-ip', facts: fileAlone.adding('allowed-peer-ip='), message: /allows every peer/ },
    { name: 'cert', facts: fileAlone.adding('cert='), message: /TLS and DTLS are off/ },
  ],
});
