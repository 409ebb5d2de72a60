import { expect, test } from 'vitest';
import { chooseCertificate, chooseRealm, isRealm } from '../../src/init/names.ts';

const wildcard = { names: ['*.example.org'] };
const turn = { names: ['192.0.2.1', 'turn.example.org'] };

test('a realm is a host name', () => {
  expect(['turn.example.org', 'turn', 'a-1.b'].every(isRealm)).toBe(true);
  expect(['', 'a b', 'a"b', '-a', 'a.', '{{realm}}', 'x'.repeat(128)].some(isRealm)).toBe(false);
});

test('the certificate that covers the name', () => {
  expect(chooseCertificate([wildcard, turn], undefined)).toBe(wildcard);
  expect(chooseCertificate([turn, wildcard], 'Turn.Example.org')).toBe(turn);
  expect(chooseCertificate([turn, wildcard], 'relay.example.org')).toBe(wildcard);
  expect(chooseCertificate([turn, wildcard], 'a.relay.example.org')).toBeNull();
  expect(chooseCertificate([], undefined)).toBeNull();
});

test("the realm is the certificate's name, or the host's full one", () => {
  expect(chooseRealm(turn, 'vm.example.net')).toBe('turn.example.org');
  expect(chooseRealm(wildcard, 'vm.example.net')).toBe('vm.example.net');
  expect(chooseRealm(null, 'vm')).toBeNull();
});
