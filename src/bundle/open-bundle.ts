import { createHash } from 'node:crypto';
import type { BundleMember, LeftOut, Manifest } from '../model/bundle.ts';
import { isNestedDeeper } from '../util/json-depth.ts';
import { type Malformed, readArchive } from './read-archive.ts';

/** A bundle as it was read; its files are text. */
export interface Bundle {
  readonly manifest: Manifest;
  /** Null for a file that the bundle does not hold. */
  text(path: string): string | null;
  /** Files that are not what the manifest says. */
  readonly changed: readonly string[];
}

export const MANIFEST = 'manifest.json';
/** The report of `diagnose --json`, with its facts. */
export const REPORT = 'report.json';

/** Reads a bundle of anybody. Its files are those that its manifest names, no more and no fewer. */
export function openBundle(bytes: Uint8Array): Bundle | Malformed {
  const files = readArchive(bytes);
  if ('malformed' in files) return files;
  const contents = new Map(files.map(({ path, content }) => [path, content]));
  const manifest = readManifest(contents.get(MANIFEST));
  if ('malformed' in manifest) return manifest;
  const named = new Set([MANIFEST, ...manifest.members.map(({ path }) => path)]);
  if (named.size <= manifest.members.length) return { malformed: 'its manifest names a file twice' };
  const stranger = files.find(({ path }) => !named.has(path));
  if (stranger) return { malformed: `it holds ${stranger.path}, which its manifest does not name` };
  const absent = [...named].find(path => !contents.has(path));
  if (absent !== undefined) return { malformed: `its manifest names ${absent}, which it does not hold` };
  const decode = (content: Uint8Array): string => new TextDecoder().decode(content);
  return {
    manifest,
    text: path => {
      const content = contents.get(path);
      return content === undefined ? null : decode(content);
    },
    changed: manifest.members
      .filter(({ path, sha256 }) => sha256 !== sha256Of(contents.get(path) as Uint8Array))
      .map(({ path }) => path),
  };
}

/** A manifest of ours has three levels. */
const DEEPEST = 20;

/** In hexadecimal digits. */
export const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

function readManifest(content: Uint8Array | undefined): Manifest | Malformed {
  if (content === undefined) return { malformed: 'it holds no manifest.json: turnctl did not make it' };
  const text = new TextDecoder().decode(content);
  if (isNestedDeeper(text, DEEPEST)) return { malformed: 'its manifest.json is nested too deep' };
  const manifest = parsed(text);
  if (!isObject(manifest) || manifest.format !== 'turnctl-bundle') {
    return { malformed: 'its manifest.json is none of turnctl' };
  }
  if (manifest.schemaVersion !== 1) {
    const found = String(JSON.stringify(manifest.schemaVersion)).slice(0, 40);
    return { malformed: `it has schemaVersion ${found}; this turnctl reads 1` };
  }
  return isManifest(manifest) ? manifest : { malformed: 'its manifest.json is damaged' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasTexts = (value: unknown, ...keys: readonly string[]): value is Fields =>
  isObject(value) && keys.every(key => typeof value[key] === 'string');

const isMember = (value: unknown): value is BundleMember =>
  hasTexts(value, 'path', 'what', 'how', 'sha256') &&
  Number.isFinite(value.ms) &&
  Number.isFinite(value.sizeBytes);

const isLeftOut = (value: unknown): value is LeftOut => hasTexts(value, 'what', 'reason');

const isManifest = (value: Fields): value is Fields & Manifest =>
  hasTexts(value, 'createdAt', 'host') &&
  hasTexts(value.tool, 'version') &&
  Array.isArray(value.members) &&
  value.members.every(isMember) &&
  Array.isArray(value.leftOut) &&
  value.leftOut.every(isLeftOut) &&
  isObject(value.redactions) &&
  Number.isFinite(value.redactions.secrets) &&
  Number.isFinite(value.redactions.users) &&
  (value.redactions.addresses === null || Number.isFinite(value.redactions.addresses)) &&
  isObject(value.audit) &&
  Number.isFinite(value.audit.secrets) &&
  Number.isFinite(value.audit.planted);
