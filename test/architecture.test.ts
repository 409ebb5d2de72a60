import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const src = resolve(import.meta.dirname, '../src');

/** Who may import whom: the table of docs/architecture.md. `model:types` allows `import type` alone. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  util: [],
  stun: ['util', 'model:types'],
  turn: ['stun', 'util', 'model:types'],
  config: ['util', 'model'],
  capture: ['stun', 'turn', 'model', 'util'],
  credentials: ['util'],
  model: ['config:types', 'util:types'],
  net: ['model', 'stun', 'turn', 'util'],
  host: ['model', 'util'],
  probes: ['net', 'turn', 'stun', 'credentials', 'model', 'util'],
  facts: ['host', 'net', 'probes', 'credentials', 'config', 'model', 'turn', 'util'],
  rules: ['model', 'config', 'util'],
  fixes: ['model', 'config', 'host', 'init', 'util'],
  report: ['model', 'config', 'rules', 'util'],
  init: ['config', 'model', 'report', 'util'],
  logs: ['model', 'util'],
  client: [],
  page: ['client', 'model:types'],
  webrtc: ['host', 'model', 'util'],
  pageserver: ['credentials'],
  bundle: ['model', 'host', 'config', 'util'],
  service: ['facts', 'host', 'net', 'probes', 'config', 'model', 'util'],
  demo: ['credentials', 'host'],
  commands: ['*'],
  cli: ['*'],
};

/** Stages that judge or transform and never touch the world. */
const PURE = ['util', 'stun', 'turn', 'config', 'model', 'rules', 'report', 'init', 'capture', 'logs'];

/** Modules of Node that only compute. */
const COMPUTING = ['node:crypto', 'node:net', 'node:path', 'node:buffer', 'node:util', 'node:zlib'];

/** Packages and the one place each has. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  commander: ['commands', 'cli'],
  chalk: ['report'],
  execa: ['host'],
  ora: ['cli'],
  ini: ['commands', 'host', 'facts'],
  diff: ['report'],
  jose: ['credentials'],
  'playwright-core': ['webrtc'],
  'node-turn': ['demo'],
  uqr: ['pageserver'],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .sort();

const imports = files.flatMap((file): Import[] => {
  const text = readFileSync(join(src, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map(([, type, from, bare, dynamic]) => ({
    file,
    specifier: (from ?? bare ?? dynamic) as string,
    typeOnly: type !== undefined,
  }));
});

const stageOf = (path: string): string => path.split('/')[0] as string;

describe('who imports whom', () => {
  for (const file of files) {
    test(file, () => {
      const stage = stageOf(file);
      const allowed = ALLOWED[stage];
      expect(allowed, `no stage is called ${stage}`).toBeDefined();
      for (const { specifier, typeOnly } of imports.filter(entry => entry.file === file)) {
        if (!specifier.startsWith('.')) continue;
        const target = stageOf(relative(src, resolve(src, dirname(file), specifier)));
        const ok =
          target === stage ||
          allowed?.includes('*') ||
          allowed?.includes(target) ||
          (typeOnly && allowed?.includes(`${target}:types`));
        expect(ok, `${file} must not import ${specifier}`).toBe(true);
      }
    });
  }
});

describe('the pure stages touch nothing', () => {
  for (const file of files.filter(path => PURE.includes(stageOf(path)))) {
    test(file, () => {
      const builtin = imports.filter(
        entry =>
          entry.file === file && entry.specifier.startsWith('node:') && !COMPUTING.includes(entry.specifier),
      );
      expect(builtin).toEqual([]);
      const code = readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect(code).not.toMatch(
        /\bawait\b|\bDate\.now\(|\bprocess\.|\bconsole\.|\bMath\.random\(|new Date\(\)/,
      );
    });
  }
});

test('packages stay in their places', () => {
  const strays = imports.filter(({ file, specifier }) => {
    if (specifier.startsWith('.') || specifier.startsWith('node:')) return false;
    return !PACKAGES[specifier]?.includes(stageOf(file));
  });
  expect(strays).toEqual([]);
});

test('nobody below bin/ ends the process, except the child of the demo', () => {
  const enders = files.filter(
    file => file !== 'demo/server.ts' && /process\.exit\(/.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(enders).toEqual([]);
});

test('code stays under 300 lines a file; tables of data may be longer', () => {
  const tables = ['config/directives.ts', 'rules/index.ts', 'stun/attributes.ts'];
  const long = files
    .filter(file => !tables.includes(file))
    .map(file => ({ file, lines: readFileSync(join(src, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
});
