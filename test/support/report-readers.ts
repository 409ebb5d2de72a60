import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import AjvDraft04 from 'ajv-draft-04';
import formats from 'ajv-formats';

// Reports as their real readers take them. Each function returns what the reader would object to, empty for nothing.

const require = createRequire(import.meta.url);
const fixture = (path: string): URL => new URL(path, import.meta.url);

const faultsOf = (validate: ValidateFunction, document: unknown): string[] =>
  validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

const sarifSchema = JSON.parse(
  readFileSync(require.resolve('@microsoft/sarif-matcher-utils/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
);
// One of its patterns is none with the `u` flag.
const sarif = formats
  .default(new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false }))
  .compile(sarifSchema);

/** Against the published JSON schema of SARIF 2.1.0. */
export const sarifFaults = (text: string): string[] => faultsOf(sarif, JSON.parse(text));

/** Whether `junitFaults` can be asked here. */
export const xmllint = spawnSync('xmllint', ['--version']).status === 0;

/** Against the schema of what the common CI servers read. */
export function junitFaults(text: string): string[] {
  const schema = fixture('../fixtures/schemas/junit.xsd').pathname;
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], {
    input: text,
  });
  return status === 0 ? [] : stderr.toString().trim().split('\n');
}

const ours = JSON.parse(readFileSync(fixture('../../docs/report.schema.json'), 'utf8'));
const report = formats
  .default(new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false }))
  .compile(closed(ours));

/** Against docs/report.schema.json, where in addition every key must be described. */
export const reportFaults = (text: string): string[] => faultsOf(report, JSON.parse(text));

/** The schema without its promise to add keys, so that a key added without a description is seen. */
function closed(schema: unknown): never {
  const close = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(close);
    if (typeof node !== 'object' || node === null) return node;
    const members = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, close(value)]));
    return 'type' in members && 'properties' in members
      ? { additionalProperties: false, ...members }
      : members;
  };
  return { ...(close(schema) as object), $id: 'closed' } as never;
}

/** One workflow command as the runner of GitHub Actions understands it. */
export interface Annotation {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const OLD_COMMAND = /##\[(?:[\w-]+)[^\]]*\]/;

/**
 * Every workflow command of an output, read as the runner does: a line that starts with `::` after blanks, or has `##[`
 * anywhere. %25 is unescaped last, so that %250A stays text.
 */
export function annotationsOf(output: string): Annotation[] {
  return output.split(/\r\n|\r|\n/).flatMap(line => {
    const [, command, rest = '', data = ''] = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/s.exec(line) ?? [];
    if (command === undefined)
      return OLD_COMMAND.test(line) ? [{ command: 'old', properties: {}, message: line }] : [];
    const pairs = rest
      .split(',')
      .filter(pair => pair.includes('='))
      .map(pair => [
        pair.slice(0, pair.indexOf('=')).trim(),
        unescapedProperty(pair.slice(pair.indexOf('=') + 1)),
      ]);
    return [{ command, properties: Object.fromEntries(pairs), message: unescaped(data) }];
  });
}

const lineBreaks = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
const unescaped = (text: string): string => lineBreaks(text).replaceAll('%25', '%');
const unescapedProperty = (text: string): string =>
  lineBreaks(text).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
