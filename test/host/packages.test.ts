import { expect, test } from 'vitest';
import { parsePackageVersion } from '../../src/host/packages.ts';

const cases = [
  { text: 'installed 4.6.1-1', version: '4.6.1' },
  { text: 'installed 4.5.2-3.1ubuntu1', version: '4.5.2' },
  { text: 'installed 1:4.6.1+dfsg-2~bpo12+1', version: '4.6.1' },
  { text: 'config-files 4.6.1-1', version: null },
  { text: '4.6.2', version: '4.6.2' },
  { text: 'coturn-4.6.2-r5 x86_64 {coturn} (BSD-3-Clause) [installed]\n', version: '4.6.2' },
  { text: 'coturn 4.6.3-1\n', version: '4.6.3' },
  { text: '', version: null },
];
for (const { text, version } of cases) {
  test(`${JSON.stringify(text)} is ${version}`, () => expect(parsePackageVersion(text)).toBe(version));
}
