import { expect, test } from 'vitest';
import { gatherVersion, imageVersion } from '../../src/facts/version.ts';
import { localHost } from '../../src/host/local.ts';

const host = localHost();

test('the installed program', async () => {
  expect(await gatherVersion(host, { processes: [] })).toEqual({
    known: true,
    value: { version: '4.6.1', origin: 'installed' },
  });
});

test('the running program before the installed one, a program that is none is passed over', async () => {
  const processes = [{ program: '/bin/true' }, { program: '/usr/bin/turnserver' }];
  expect(await gatherVersion(host, { processes })).toEqual({
    known: true,
    value: { version: '4.6.1', origin: 'running' },
  });
});

test('a container’s image', async () => {
  const containers = [{ image: 'coturn/coturn:latest' }, { image: 'coturn/coturn:4.7.0-r2' }];
  expect(await gatherVersion(host, { processes: [], containers })).toEqual({
    known: true,
    value: { version: '4.7.0', origin: 'running' },
  });
});

const images = [
  { image: 'coturn/coturn:4.6.2-r5-alpine', version: '4.6.2' },
  { image: 'registry.example:5000/coturn:4.6', version: '4.6' },
  { image: 'coturn/coturn:4.6.2@sha256:5f2b1c9de0a7', version: '4.6.2' },
  { image: 'registry.example:5000/coturn', version: null },
  { image: 'coturn/coturn:latest', version: null },
];
for (const { image, version } of images) {
  test(`${image} is ${version}`, () => expect(imageVersion(image)).toBe(version));
}
