import rule from '../../../src/rules/peers/range-invalid.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    {
      name: 'ranges and addresses',
      facts: fileAlone.adding('denied-peer-ip=192.0.2.1', 'allowed-peer-ip=2001:db8::1-2001:db8::ff'),
    },
    { name: 'a name', facts: fileAlone.adding('allowed-peer-ip=sfu.example.org') },
    { name: 'an empty value is another matter', facts: fileAlone.adding('denied-peer-ip=') },
  ],
  fails: [
    {
      name: 'CIDR',
      facts: fileAlone.adding('denied-peer-ip=10.0.0.0/8'),
      message: /4\.6\.1 drops the line, and nothing is denied/,
      remedy: /denied-peer-ip=10\.0\.0\.0-10\.255\.255\.255/,
      severity: 'error',
    },
    {
      name: 'CIDR, fatal later',
      facts: fileAlone.adding('denied-peer-ip=10.0.0.0/8').asVersion('4.11.0'),
      message: /exits/,
    },
    {
      name: 'reversed',
      facts: fileAlone.adding('denied-peer-ip=10.255.255.255-10.0.0.0'),
      message: /matches no address/,
      remedy: /10\.0\.0\.0-10\.255/,
    },
    {
      name: 'no address',
      facts: fileAlone.adding('denied-peer-ip=10.0.0.*'),
      message: /no address or range/,
    },
  ],
});
