import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

const read = (path: string) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
}

describe('package-lock.json', () => {
  const packages: Readonly<Record<string, Locked>> = read('package-lock.json').packages;

  // npm leaves out what its registry lacks, and `npm ci` then refuses the file on every machine.
  test('holds the packages of every platform', () => {
    const optional = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    const absent = [...new Set(optional)].filter(name => packages[`node_modules/${name}`] === undefined);
    expect(absent).toEqual([]);
  });

  test('names no registry', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});

test('the client for browsers has less than 6 kB, packed', () => {
  const text = readFileSync(new URL('../dist/client.js', import.meta.url));
  expect(gzipSync(text, { level: 9 }).length).toBeLessThan(6_000);
  expect(text.toString()).not.toMatch(/\bimport\b/);
});

test('the package brings in no other package', () => {
  expect(read('package.json').dependencies ?? {}).toEqual({});
});
