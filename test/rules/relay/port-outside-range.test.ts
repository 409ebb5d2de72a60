import rule from '../../../src/rules/relay/port-outside-range.ts';
import { deployment } from '../../support/facts-builder.ts';
import { allocated, allocateFailed, serverAddress, silence } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const at = (port: number) => allocated({ relayedAddress: { ip: serverAddress.ip, port } });

ruleTester(rule, {
  passes: [
    { name: 'the first port', facts: deployment.seeing(at(49152)) },
    { name: 'the last port', facts: deployment.seeing(at(65535)) },
  ],
  fails: [
    {
      name: 'a port of the default range, where the file has another',
      facts: deployment.withConfig('min-port=30000', 'max-port=31000').seeing(at(50123)),
      message: 'coturn relays from port 50123, the configuration says 30000-31000',
      evidence: /min-port=30000.*relayed address 203\.0\.113\.10:50123/,
      severity: 'warning',
      line: 1,
    },
    {
      name: 'a port of another range, where the file has none',
      facts: deployment.removing('min-port', 'max-port').seeing(at(30001)),
      evidence: /the default range in \/etc\/turnserver\.conf/,
    },
  ],
  skips: [
    { name: 'no allocation', facts: deployment.seeing(allocateFailed(silence)) },
    {
      name: 'an allocation of the alternate server',
      facts: deployment.seeing(
        allocated({
          relayedAddress: { ip: '203.0.113.11', port: 30001 },
          alternate: { ip: '203.0.113.11', port: 3478 },
        }),
      ),
    },
    {
      name: 'an inverted range',
      facts: deployment.withConfig('min-port=60000', 'max-port=50000').seeing(at(50123)),
    },
  ],
});
