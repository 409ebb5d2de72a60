import srvPortDiffers from '../../../src/rules/dns/srv-port-differs.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { binding, bindingFailed, discovery, refused, srvRecord } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const own = { ...binding(), uri: 'turn:example.org:3478?transport=udp' };
const elsewhere = discovery('example.org', srvRecord('example.org', 'turn.example.org', 3500));

ruleTester(srvPortDiffers, {
  passes: [
    {
      name: 'the usual port',
      facts: wireAlone.seeing(
        discovery('example.org', srvRecord('example.org', 'turn.example.org', 3478)),
        own,
      ),
    },
    {
      name: 'the usual port does not answer',
      facts: wireAlone.seeing(elsewhere, { ...bindingFailed(refused), uri: own.uri }),
    },
  ],
  fails: [
    {
      name: 'two listeners',
      facts: wireAlone.seeing(elsewhere, own),
      message: '_turn._udp.example.org names port 3500, and example.org answers on port 3478 too',
      severity: 'info',
    },
  ],
  skips: [{ name: 'no records', facts: wireAlone.seeing(discovery('example.org'), own) }],
});
