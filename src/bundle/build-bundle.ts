import type { BundleMember, LeftOut, Manifest } from '../model/bundle.ts';
import { type ArchiveFile, writeArchive } from './archive.ts';
import { findLeak } from './audit.ts';
import type { Canaries } from './canaries.ts';
import type { Collected } from './collect.ts';
import { MANIFEST, sha256Of } from './open-bundle.ts';
import type { Redactor } from './redactor.ts';

/** Something that turnctl itself knows or was given, beside what it read of the host. */
export interface Document {
  readonly path: string;
  readonly what: string;
  readonly how: string;
  readonly ms: number;
  /** `ours`: facts and reports. `foreign`: JSON of somebody else. A text is redacted as a text; bytes by who knows them. */
  readonly content:
    | { readonly ours: unknown }
    | { readonly foreign: unknown }
    | { readonly text: string }
    | { readonly bytes: (redactor: Redactor) => Uint8Array };
}

/** Everything that goes into a bundle, as it is. */
export interface BundleInput extends Pick<Manifest, 'tool' | 'createdAt' | 'host'> {
  readonly documents: readonly Document[];
  readonly collected: readonly Collected[];
  readonly leftOut: readonly LeftOut[];
  readonly canaries: Canaries;
  /** In clear text, for the search: those of the host. */
  readonly secrets: readonly string[];
  /** Whether the same host gives the same tokens again. */
  readonly stableTokens: boolean;
}

/** Redacts all of it, makes the archive, and searches that for every secret before anybody gets it. */
export function buildBundle(
  input: BundleInput,
  redactor: Redactor,
): { readonly archive: Uint8Array; readonly manifest: Manifest } | { readonly leak: string } {
  const { documents, collected, canaries, secrets } = input;
  const real = [
    ...documents.map(({ content, ...about }) => ({ ...about, content: redacted(content, redactor) })),
    ...collected.flatMap(({ text, ...about }) =>
      text.known ? [{ ...about, content: Buffer.from(redactor.text(text.value)) }] : [],
    ),
  ];
  // What was planted is not counted.
  const { secretsTakenOut } = redactor;
  const entries = [
    ...real,
    {
      path: 'redaction-test.txt',
      what: 'what became of secrets that were planted',
      how: 'turnctl',
      ms: 0,
      content: Buffer.from(redactor.text(canaries.text)),
    },
  ];
  const files: ArchiveFile[] = entries.map(({ path, content }) => ({ path, content }));
  const members = entries.map(
    ({ content, ...about }): BundleMember => ({
      ...about,
      how: redactor.text(about.how),
      sizeBytes: content.length,
      sha256: sha256Of(content),
    }),
  );
  const missing = collected.flatMap(({ what, how, text }) =>
    text.known ? [] : [{ what, reason: `${text.reason} (${how})` }],
  );
  const leftOut = [...input.leftOut, ...missing].map(({ what, reason }) => ({
    what,
    reason: redactor.text(reason),
  }));
  const { tool, createdAt, host } = input;
  const searchedFor = [...new Set([...secrets, ...canaries.secrets])];
  const manifest: Manifest = {
    format: 'turnctl-bundle',
    schemaVersion: 1,
    ...{ tool, createdAt, host, members, leftOut },
    redactions: {
      secrets: secretsTakenOut,
      users: redactor.users.size,
      addresses: redactor.addresses?.size ?? null,
      stable: input.stableTokens,
    },
    audit: { secrets: searchedFor.length, planted: canaries.secrets.length },
  };
  const archive = writeArchive(
    [{ path: MANIFEST, content: Buffer.from(jsonText(manifest)) }, ...files],
    Date.parse(createdAt),
  );
  const leak = findLeak(archive, searchedFor);
  if (leak === null) return { archive, manifest };
  return { leak: 'member' in leak ? leak.member : leak.malformed };
}

/** A document as it stands in a bundle. */
const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function redacted(content: Document['content'], redactor: Redactor): Uint8Array {
  if ('bytes' in content) return content.bytes(redactor);
  if ('text' in content) return Buffer.from(redactor.text(content.text));
  return Buffer.from(
    jsonText('ours' in content ? redactor.json(content.ours) : redactor.foreignJson(content.foreign)),
  );
}
