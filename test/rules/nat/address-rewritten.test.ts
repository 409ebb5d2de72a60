import addressRewritten from '../../../src/rules/nat/address-rewritten.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { type binding as Binding, binding } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const plain = (ip: string) =>
  ({ ...binding(), plainMappedAddress: { ip, port: 40_000 } }) as ReturnType<typeof Binding>;

ruleTester(addressRewritten, {
  passes: [{ name: 'both are alike', facts: wireAlone.seeing(plain('198.51.100.77')) }],
  fails: [
    {
      name: 'the one in clear was replaced by the inside address',
      facts: wireAlone.seeing(plain('192.168.1.7')),
      message: /203\.0\.113\.10:3478\/udp something rewrites/,
      evidence: 'MAPPED-ADDRESS 192.168.1.7:40000, XOR-MAPPED-ADDRESS 198.51.100.77:40000 in one answer',
      severity: 'warning',
    },
  ],
  skips: [{ name: 'only XOR-MAPPED-ADDRESS was sent', facts: wireAlone.seeing(binding()) }],
});
