import { describe, expect, test } from 'vitest';
import { runLint } from '../../src/commands/lint.ts';
import { isPeerDenied } from '../../src/config/peer-policy.ts';
import { RELEASES } from '../../src/config/versions.ts';
import { settingsOfLines } from '../../src/init/denied-peers.ts';
import type { Deployment } from '../../src/init/deployment.ts';
import { parseIp } from '../../src/util/ip.ts';
import { fakeIo } from '../support/fake-io.ts';
import { DEPLOYMENTS, fileOf, SECRET } from './deployments.ts';

const optionsOf = (text: string): string[] =>
  text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
const settingsOf = (deployment: Deployment) =>
  settingsOfLines(fileOf(deployment).split('\n'), deployment.version);

/** UDP answers leave with TTL 1: no line of a file helps. */
const BROKEN: readonly string[] = ['4.17.0', '4.17.1'];

/** Failed checks above info, of the rules that judge what the file says. */
async function complaints(text: string, asVersion: string): Promise<string[]> {
  const io = fakeIo({ '/t.conf': text });
  await runLint({ files: ['/t.conf'], asVersion, format: 'json', failOn: 'never' }, io);
  const { checks } = JSON.parse(io.printed.stdout) as {
    checks: { id: string; severity: string; outcome: string; findings: { message: string }[] }[];
  };
  return checks
    .filter(({ outcome, severity }) => outcome !== 'passed' && outcome !== 'skipped' && severity !== 'info')
    .flatMap(({ id, findings }) => findings.map(({ message }) => `${id}: ${message}`));
}

describe.each(Object.entries(DEPLOYMENTS))('the file for %s', (_, deployment) => {
  test.each(RELEASES)('gives lint nothing to say, as %s', async version => {
    const said = await complaints(fileOf({ ...deployment, version }), version);
    const aboutTheFile = said.filter(
      text => !(BROKEN.includes(version) && text.startsWith('version/broken-release')),
    );
    expect(aboutTheFile).toEqual([]);
  });

  test.each(RELEASES)('reaches no private peer in any form, and itself, as %s', version => {
    const settings = settingsOf({ ...deployment, version });
    const inner = [
      '0.0.0.1',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '192.168.1.1',
      '224.0.0.1',
    ];
    const embedded = ['::1', '::ffff:10.1.2.3', '::ffff:127.0.0.1', '64:ff9b::a01:203', '2002:a01:203::1'];
    const open = [...inner, ...embedded, 'fd00::1', 'fe80::1'].filter(
      ip => !isPeerDenied(settings, parseIp(ip)!),
    );
    expect(open).toEqual([]);
    const usable = [...deployment.listeningIps, '192.0.2.1', '2001:db8:1::1'];
    expect(usable.filter(ip => isPeerDenied(settings, parseIp(ip)!))).toEqual([]);
  });

  test('has lines that fit a terminal and the secret once', () => {
    const text = fileOf(deployment);
    expect(text.split('\n').filter(line => line.length > 80)).toEqual([]);
    expect(text.split(SECRET)).toHaveLength(2);
    expect(text).not.toContain('{{');
    expect(text).not.toMatch(/\n{3}/);
  });
});

test('what differs between the hosts', () => {
  const [dual, mapped, inside, ipv6, unknown] = Object.values(DEPLOYMENTS).map(fileOf) as [
    string,
    string,
    string,
    string,
    string,
  ];
  expect(optionsOf(dual)).toEqual(
    expect.arrayContaining(['listening-ip=2001:db8::7', 'cert=/etc/coturn/tls/fullchain.pem']),
  );
  expect(optionsOf(dual)).not.toContain('no-tls');
  expect(optionsOf(mapped)).toEqual(expect.arrayContaining(['external-ip=198.51.100.7/10.0.0.5', 'no-tls']));
  expect(optionsOf(mapped)).not.toContain('allowed-peer-ip=10.0.0.5');
  expect(inside).toContain('\n#external-ip=PUBLIC/10.0.0.5\n');
  expect(optionsOf(inside)).toContain('allowed-peer-ip=10.0.0.5');
  expect(optionsOf(ipv6)).toContain('allocation-default-address-family=ipv6');
  expect(unknown).not.toContain('listening-ip=');
});

test('what differs between the releases', () => {
  const dual = DEPLOYMENTS['both families, TLS'];
  const lines = (version: string) => new Set(optionsOf(fileOf({ ...dual, version })));
  const old = lines('4.5.2');
  const debian = lines('4.6.1');
  const newest = lines('4.18.0');
  expect([...debian].filter(line => !old.has(line))).toEqual([
    'no-rfc5780',
    'no-stun-backward-compatibility',
    'response-origin-only-with-rfc5780',
  ]);
  expect([...debian].filter(line => !newest.has(line) && !line.startsWith('denied-peer-ip='))).toEqual([
    'no-tlsv1',
    'no-tlsv1_1',
    'no-dtls',
    'no-cli',
    'no-rfc5780',
    'no-stun-backward-compatibility',
    'response-origin-only-with-rfc5780',
  ]);
  expect([...newest].filter(line => !debian.has(line))).toEqual([]);
});
